package dev.gatewright.ticket;

import dev.gatewright.account.ApiRefused;
import dev.gatewright.config.Units;
import dev.gatewright.edge.Refusal;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.ServiceScopes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// REST of tickets: the one resource under `/api` for live keys, each for itself alone.
public final class TicketApi {
  public static final String PATH = "/api/tickets";

  /// Name of the request attribute that holds the caller's [ApiKey].
  public static final String HOLDER = "gatewright.holder";

  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");
  private static final int RETRY_AFTER_SECONDS = 60;

  private final Tickets tickets;

  public TicketApi(Tickets tickets) {
    this.tickets = tickets;
  }

  /// Adds the routes, for the portal to mount.
  public void routes(RoutesConfig routes) {
    routes.post(PATH, this::create);
  }

  /// @param service the only one it opens; null = any the key may use
  /// @param ttl a duration such as `30s`, or seconds
  record TicketRequest(@Nullable String service, @Nullable String ttl) {}

  /// POST /api/tickets
  private void create(Context context) {
    ApiKey key =
        Objects.requireNonNull(context.<ApiKey>attribute(HOLDER), "a request past the guard");
    if (key.kind() != ApiKey.Kind.LIVE) {
      throw new ApiRefused(
          Refusal.denied("A ticket stands for a live key; the key presented is another kind."));
    }
    TicketRequest request =
        context.body().isBlank() || context.body().strip().equals("null")
            ? new TicketRequest(null, null)
            : context.bodyAsClass(TicketRequest.class);
    String service = request.service();
    if (service != null && !ServiceScopes.ID.matcher(service).matches()) {
      throw ApiRefused.wrong("/service", service + " (expected: a service's id)");
    }
    Tickets.Issued issued =
        tickets
            .issue(key, service, life(request.ttl()))
            .orElseThrow(() ->
                new ApiRefused(
                    Refusal.tooMany(
                        "The key has %d unused tickets.".formatted(Tickets.OPEN_MAX),
                        RETRY_AFTER_SECONDS)));
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("ticket", issued.text().expose());
    answer.put("service", service);
    answer.put("expires_at", Instant.ofEpochMilli(issued.expiresMillis()).toString());
    context.status(201).json(answer);
  }

  private static Duration life(@Nullable String ttl) {
    if (ttl == null) {
      return Tickets.LIFE_DEFAULT;
    }
    Duration life = Units.duration(SECONDS.matcher(ttl).matches() ? ttl + "s" : ttl);
    if (life == null || !life.isPositive() || life.compareTo(Tickets.LIFE_MAX) > 0) {
      throw ApiRefused.wrong("/ttl", ttl + " (expected: a duration such as 30s, at most 60s)");
    }
    return life;
  }
}
