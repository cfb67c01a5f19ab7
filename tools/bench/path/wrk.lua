-- Requests of wrk: the tokens of the file TOKENS in turn, the path PATH_TO. Ends with one line of JSON.
local requests = {}
for token in io.lines(os.getenv("TOKENS")) do
  requests[#requests + 1] = "GET " .. os.getenv("PATH_TO") .. " HTTP/1.1\r\nHost: api.cruddur.example.com\r\n"
    .. "Authorization: Bearer " .. token .. "\r\n\r\n"
end

local index = 0
request = function()
  index = index % #requests + 1
  return requests[index]
end

done = function(summary, latency)
  local errors = summary.errors
  print(string.format('{"requests":%d,"seconds":%f,"p99Ms":%f,"failed":%d}', summary.requests, summary.duration / 1e6,
    latency:percentile(99) / 1e3, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
