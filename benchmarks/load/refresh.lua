-- Refreshes with rotation: each thread has its share of the file's refresh tokens, takes one for each request and puts the
-- successor back. There must be more tokens than connections. The second argument is a request's head up to Content-Length.
local threads, first, last, tokens, head = 0, 1, 0, {}, nil

function setup(thread)
  thread:set('number', threads)
  threads = threads + 1
end

function init(arguments)
  local line = 0
  for token in io.lines(arguments[1]) do
    line = line + 1
    if line % 2 == number % 2 then
      last = last + 1
      tokens[last] = token
    end
  end
  head = arguments[2]
end

function request()
  local token = tokens[first]
  tokens[first] = nil
  first = first + 1
  local body = 'grant_type=refresh_token&refresh_token=' .. (token or 'none-left')
  return head .. 'Content-Length: ' .. #body .. '\r\n\r\n' .. body
end

function response(status, headers, body)
  local successor = body:match('"refresh_token"%s*:%s*"([^"]+)"')
  if status == 200 and successor then
    last = last + 1
    tokens[last] = successor
  end
end

delay = dofile(os.getenv('BENCHMARK_LUA') .. '/pace.lua')
done = dofile(os.getenv('BENCHMARK_LUA') .. '/summary.lua')
