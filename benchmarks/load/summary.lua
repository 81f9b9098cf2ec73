-- What a run of wrk came to, in one line of JSON.
return function(summary, latency)
  local errors = summary.errors
  io.write(string.format('SUMMARY {"answered":%d,"refused":%d,"broken":%d,"seconds":%.3f,"p50":%.3f,"p99":%.3f}\n',
    summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6, latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
