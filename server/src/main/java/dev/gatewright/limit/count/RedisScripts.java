package dev.gatewright.limit.count;

/// What runs inside Redis: each script is one step for all who count there. Times are microseconds
/// since the epoch's base by Redis's own clock, so that no process's clock matters; a bucket is the
/// instant at which it is full again.
final class RedisScripts {
  private RedisScripts() {}

  /// A Redis without an epoch is a new one, or one that was emptied. KEYS: epoch; ARGV: the epoch's
  /// name if there is none. Answers its name, its base in seconds, its age in milliseconds.
  static final String PROBE =
      """
      local t = redis.call('TIME')
      redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. t[1], 'NX')
      local name, base = string.match(redis.call('GET', KEYS[1]), '^(%S+) (%d+)$')
      return {name, base, (t[1] - base) * 1000 + math.floor(t[2] / 1000)}
      """;

  private static final String NOW =
      """
      if redis.call('GET', KEYS[1]) ~= ARGV[1] .. ' ' .. ARGV[2] then return {-1} end
      local t = redis.call('TIME')
      local now = (t[1] - ARGV[2]) * 1000000 + t[2]
      local function fill(key)
        return math.max(tonumber(redis.call('GET', key) or '0') - now, 0)
      end
      local function keep(key, wait)
        if wait <= 0 then redis.call('DEL', key) return end
        redis.call('SET', key, string.format('%.3f', now + wait + 0.0005),
          'PX', math.ceil(wait / 1000) + 1)
      end
      """;

  /// Takes of all limits or of none. KEYS: epoch, one a limit; ARGV: name, base, lease, its time in
  /// milliseconds, then for each limit max, microseconds of its time (0 = calls at once), amount.
  /// Answers -1 = another epoch; else 0 = all passed or the number of the limit that has the
  /// longest wait, that wait in microseconds, and for each limit what is left and when it is full.
  static final String TAKE =
      NOW
          + """
          local refused, longest, all = 0, -1, {}
          for i = 1, #KEYS - 1 do
            local key, a = KEYS[i + 1], 5 + (i - 1) * 3
            local max, window, amount = tonumber(ARGV[a]), tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
            local wait, state = 0, 0
            if window == 0 then
              redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
              state = redis.call('ZCARD', key)
              if state >= max then wait = -1 end
            else
              state = fill(key)
              local more = math.min(amount, max) * window / max
              wait = math.max(state + more - window, 0)
            end
            all[i] = {key, max, window, state, amount}
            if wait ~= 0 and wait >= longest then refused, longest = i, wait end
          end
          local answer = {refused, math.ceil(longest)}
          for i, one in ipairs(all) do
            local key, max, window, state = one[1], one[2], one[3], one[4]
            if window == 0 then
              if refused == 0 then
                redis.call('ZADD', key, now + ARGV[4] * 1000, ARGV[3])
                redis.call('PEXPIRE', key, ARGV[4] * 2)
                state = state + 1
              end
              answer[#answer + 1] = max - state
              answer[#answer + 1] = 0
            else
              if refused == 0 then
                state = state + math.min(one[5], max) * window / max
                keep(key, state)
              end
              answer[#answer + 1] = math.floor(max - state * max / window + 0.001)
              answer[#answer + 1] = math.ceil(state)
            end
          end
          return answer
          """;

  /// What was used takes the place of what was taken. KEYS: as above; ARGV: name, base, lease, then
  /// for each limit max, its time, what more was used than was taken.
  static final String SETTLE =
      NOW
          + """
          for i = 1, #KEYS - 1 do
            local key, a = KEYS[i + 1], 4 + (i - 1) * 3
            local max, window, more = tonumber(ARGV[a]), tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2])
            if window == 0 then
              redis.call('ZREM', key, ARGV[3])
            elseif more ~= 0 then
              keep(key, fill(key) + more * window / max)
            end
          end
          return {0}
          """;

  /// What a process remembers of a Redis that was emptied. KEYS: epoch, key; ARGV: name, base,
  /// microseconds until the bucket is full.
  static final String RESTORE =
      NOW
          + """
          if fill(KEYS[2]) < tonumber(ARGV[3]) then keep(KEYS[2], tonumber(ARGV[3])) end
          return {0}
          """;

  /// A call goes on. KEYS: epoch, key; ARGV: name, base, lease, its time in milliseconds.
  static final String RENEW =
      NOW
          + """
          redis.call('ZADD', KEYS[2], now + ARGV[4] * 1000, ARGV[3])
          redis.call('PEXPIRE', KEYS[2], ARGV[4] * 2)
          return {0}
          """;
}
