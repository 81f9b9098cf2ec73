-- Before each of its requests a connection waits for BENCHMARK_PAUSE milliseconds, more or less, so that connections do not ask in step.
local pause = tonumber(os.getenv('BENCHMARK_PAUSE'))

return pause and function() return math.random(0, 2 * pause) end
