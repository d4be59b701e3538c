package dev.gatewright.usage;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.ApiRefused;
import dev.gatewright.config.Units;
import dev.gatewright.ledger.AttemptIds;
import dev.gatewright.ledger.Projector;
import dev.gatewright.telemetry.Time;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// REST of usage, for admin keys: what the caller's organization has used. Everything that was
/// durable when a request arrives is in its answer. Described in `openapi/usage.yaml`.
public final class UsageApi {
  private static final String SINCE_DEFAULT = "7d";
  private static final Duration SINCE_MAX = Duration.ofDays(3_660);
  private static final int PAGE_ROWS = 50;
  private static final int PAGE_ROWS_MAX = 500;

  /// Above every id.
  private static final String NEWEST = "att_g";

  private final UsageStore store;
  private final Projector projector;
  private final Time time;

  public UsageApi(UsageStore store, Projector projector, Time time) {
    this.store = store;
    this.projector = projector;
    this.time = time;
  }

  /// Adds the routes, for the portal to mount.
  public void routes(RoutesConfig routes) {
    routes.get("/api/usage", this::usage);
    routes.get("/api/usage/attempts", this::attempts);
  }

  /// GET /api/usage?by=&since=&test=
  private void usage(Context context) {
    requireKnown(context, Set.of("by", "since", "test"));
    UsageBy by = by(context.queryParam("by"));
    long from = time.millis() - since(context.queryParam("since")).toMillis();
    boolean test = test(context.queryParam("test"));
    projector.projectAll();
    List<UsageSum> sums = store.sums(organization(context), by, from, test);
    context.json(Map.of("data", sums.stream().map(sum -> UsageView.of(by, sum)).toList()));
  }

  /// GET /api/usage/attempts?test=&limit=&cursor=
  private void attempts(Context context) {
    requireKnown(context, Set.of("test", "limit", "cursor"));
    boolean test = test(context.queryParam("test"));
    int limit = limit(context.queryParam("limit"));
    String before = cursor(context.queryParam("cursor"));
    projector.projectAll();
    List<UsageAttempt> page = store.attempts(organization(context), before, test, limit);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("data", page.stream().map(UsageView::of).toList());
    UsageView.put(answer, "next_cursor", page.size() < limit ? null : page.getLast().id());
    context.json(answer);
  }

  private static String organization(Context context) {
    ApiCaller caller = context.attribute(ApiCaller.ATTRIBUTE);
    return Objects.requireNonNull(caller, "the portal admits before it routes")
        .tenant()
        .organizationId();
  }

  private static void requireKnown(Context context, Set<String> known) {
    for (String name : context.queryParamMap().keySet()) {
      if (!known.contains(name)) {
        throw ApiRefused.wrong(
            name,
            "unknown (expected: " + String.join(", ", known.stream().sorted().toList()) + ")");
      }
    }
  }

  private static UsageBy by(@Nullable String text) {
    UsageBy by = text == null ? UsageBy.MODEL : UsageBy.of(text);
    if (by == null) {
      throw ApiRefused.wrong("by", "%s (expected: %s)".formatted(text, UsageBy.WORDS));
    }
    return by;
  }

  private static Duration since(@Nullable String text) {
    Duration since = Units.duration(text == null ? SINCE_DEFAULT : text);
    if (since == null || since.isZero() || since.compareTo(SINCE_MAX) > 0) {
      throw ApiRefused.wrong(
          "since",
          "%s (expected: %s, at most %dd)".formatted(text, Units.DURATION, SINCE_MAX.toDays()));
    }
    return since;
  }

  private static boolean test(@Nullable String text) {
    return switch (text) {
      case null -> false;
      case "true" -> true;
      case "false" -> false;
      default -> throw ApiRefused.wrong("test", "%s (expected: true or false)".formatted(text));
    };
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return PAGE_ROWS;
    }
    if (!text.matches("[1-9][0-9]{0,3}") || Integer.parseInt(text) > PAGE_ROWS_MAX) {
      throw ApiRefused.wrong("limit", "%s (expected: 1 to %d)".formatted(text, PAGE_ROWS_MAX));
    }
    return Integer.parseInt(text);
  }

  private static String cursor(@Nullable String text) {
    if (text != null && !text.matches(AttemptIds.FORM)) {
      throw ApiRefused.wrong(
          "cursor", "not one of ours (expected: next_cursor of the page before)");
    }
    return text == null ? NEWEST : text;
  }
}
