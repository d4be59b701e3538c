package dev.gatewright.ticket;

import com.fasterxml.jackson.databind.JsonNode;
import dev.gatewright.config.Units;
import dev.gatewright.edge.Refusal;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.ServiceScopes;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// REST of tickets: the one resource under `/api` for live keys, each for itself alone.
public final class TicketApi {
  private static final int BODY_BYTES_MAX = 4 << 10;
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");
  private static final int RETRY_AFTER_SECONDS = 60;

  private final Tickets tickets;

  public TicketApi(Tickets tickets) {
    this.tickets = tickets;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "ticket",
        List.of(ApiRoute.post("/api/tickets", Access.liveKey(), BODY_BYTES_MAX, this::create)));
  }

  /// @param service the only one it opens; null = any the key may use
  /// @param ttl a duration such as `30s`, or seconds
  record TicketRequest(@Nullable String service, @Nullable JsonNode ttl) {}

  /// POST /api/tickets
  private Answer create(ApiCall call) {
    ApiKey key = call.caller(ApiKey.class);
    TicketRequest request = call.bodyOr(TicketRequest.class, new TicketRequest(null, null));
    String service = request.service();
    if (service != null && !ServiceScopes.ID.matcher(service).matches()) {
      throw Problem.wrong("/service", service + " (expected: a service's id)");
    }
    Tickets.Issued issued =
        tickets
            .issue(key, service, life(request.ttl()))
            .orElseThrow(() ->
                new Problem(
                    Refusal.tooMany(
                        "The key has %d unused tickets.".formatted(Tickets.OPEN_MAX),
                        RETRY_AFTER_SECONDS)));
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("ticket", issued.text().expose());
    answer.put("service", service);
    answer.put("expires_at", Instant.ofEpochMilli(issued.expiresMillis()).toString());
    return Answer.created(answer);
  }

  private static Duration life(@Nullable JsonNode ttl) {
    if (ttl == null || ttl.isNull()) {
      return Tickets.LIFE_DEFAULT;
    }
    String text = ttl.isTextual() || ttl.isIntegralNumber() ? ttl.asText() : ttl.toString();
    Duration life = Units.duration(SECONDS.matcher(text).matches() ? text + "s" : text);
    if (life == null || !life.isPositive() || life.compareTo(Tickets.LIFE_MAX) > 0) {
      throw Problem.wrong("/ttl", text + " (expected: a duration such as 30s, at most 60s)");
    }
    return life;
  }
}
