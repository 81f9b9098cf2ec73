-- Sends the requests of a file in turn. They stand there as they go over the wire, each with a zero byte after it.
local requests, at, threads = {}, 0, 0

function setup(thread)
  thread:set('number', threads)
  threads = threads + 1
end

function init(arguments)
  local file = assert(io.open(arguments[1], 'rb'))
  for request in file:read('*a'):gmatch('(%Z+)%z') do requests[#requests + 1] = request end
  file:close()
  at = math.floor(#requests / 2) * number
end

function request()
  at = at % #requests + 1
  return requests[at]
end

delay = dofile(os.getenv('BENCHMARK_LUA') .. '/pace.lua')
done = dofile(os.getenv('BENCHMARK_LUA') .. '/summary.lua')
