package dev.gatewright.web.idempotency;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.SignedIn;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.edge.Refusal;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiHandler;
import dev.gatewright.rest.Json;
import dev.gatewright.rest.Problem;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Runs creates that carry an `Idempotency-Key` once. The name is taken before the request runs and
/// its answer written down after; a process that ends in between leaves a name without an answer.
/// Then the audit entry, which is written in the transaction of the change itself, tells whether
/// the thing was made. Blocks; thread-safe.
public final class Idempotency implements Creates {
  static final String HEADER = "idempotency-key";
  private static final Duration REMEMBERED = Duration.ofHours(24);

  /// No request of ours runs longer; one without an answer after this time has none to come.
  private static final Duration RUNNING_MAX = Duration.ofSeconds(90);

  private static final int KEY_CHARACTERS_MAX = 255;
  private static final int PURGED_MOST = 100;

  /// Longer answers are not kept; whoever repeats gets what the thing is now.
  private static final int ANSWER_BYTES_MAX = 64 << 10;

  private final Database database;
  private final AuditLog audit;
  private final Time time;

  public Idempotency(Database database, AuditLog audit, Time time) {
    this.database = database;
    this.audit = audit;
    this.time = time;
  }

  @Override
  public Answer once(ApiCall call, ApiHandler create, Shown shown) {
    String key = key(call.headers(HEADER));
    if (key == null) {
      return create.handle(call);
    }
    IdempotencyStore.Name name = name(call, key);
    FirstTry mine = new FirstTry(call.bodyHash(sha256()), call.requestId(), time.millis(), 0, null);
    FirstTry first = claim(name, mine);
    return first == null ? run(call, create, name) : again(call, create, shown, name, mine, first);
  }

  /// Null when the name is this request's, else whose it is.
  private @Nullable FirstTry claim(IdempotencyStore.Name name, FirstTry mine) {
    return database
        .write(handle -> {
          IdempotencyStore.purge(handle, mine.atMillis() - REMEMBERED.toMillis(), PURGED_MOST);
          return IdempotencyStore.take(handle, name, mine)
              ? Optional.<FirstTry>empty()
              : IdempotencyStore.find(handle, name);
        })
        .orElse(null);
  }

  private Answer run(ApiCall call, ApiHandler create, IdempotencyStore.Name name) {
    try {
      Answer answer = create.handle(call);
      keep(name, call.requestId(), answer);
      return answer;
    } catch (Problem nothingMade) {
      database.write(handle -> {
        IdempotencyStore.forget(handle, name, call.requestId());
        return true;
      });
      throw nothingMade;
    }
  }

  private void keep(IdempotencyStore.Name name, String requestId, Answer answer) {
    Object body = answer.repeated();
    byte[] text = body == null ? new byte[0] : Json.bytes(body);
    String kept =
        body == null || text.length > ANSWER_BYTES_MAX
            ? null
            : new String(text, StandardCharsets.UTF_8);
    database.write(handle -> {
      IdempotencyStore.answered(handle, name, requestId, answer.status(), kept);
      return true;
    });
  }

  private Answer again(
      ApiCall call,
      ApiHandler create,
      Shown shown,
      IdempotencyStore.Name name,
      FirstTry mine,
      FirstTry first) {
    if (mine.atMillis() - first.atMillis() > REMEMBERED.toMillis()) {
      return takeOver(call, create, name, first, mine);
    }
    if (!first.bodyHash().equals(mine.bodyHash())) {
      throw new Problem(
          Refusal.of(
              409,
              "invalid_request_error",
              "idempotency_key_reused",
              "idempotency-key: used for another request (expected: the same body, or a new key)"));
    }
    if (first.status() != 0 && first.answer() != null) {
      return replayed(first.status(), Json.tree(first.answer().getBytes(StandardCharsets.UTF_8)));
    }
    String made = audit.madeBy(database, first.requestId()).orElse(null);
    if (made != null) {
      return replayed(201, shown.of(made).body());
    }
    if (first.status() != 0) {
      return replayed(first.status(), null);
    }
    if (mine.atMillis() - first.atMillis() < RUNNING_MAX.toMillis()) {
      throw new Problem(
          new Refusal(
              409,
              "invalid_request_error",
              "idempotency_key_in_use",
              "idempotency-key: the first request with it still runs; try again.",
              HEADER,
              2,
              true));
    }
    return takeOver(call, create, name, first, mine);
  }

  /// The first came to nothing, or is forgotten: this one is the first now.
  private Answer takeOver(
      ApiCall call, ApiHandler create, IdempotencyStore.Name name, FirstTry former, FirstTry mine) {
    boolean won = database.write(handle -> IdempotencyStore.replace(handle, name, former, mine));
    if (!won) {
      throw Problem.conflict("idempotency-key: another request takes its place; try again.");
    }
    return run(call, create, name);
  }

  private static Answer replayed(int status, @Nullable Object body) {
    return new Answer(status, body, Map.of("idempotent-replayed", "true"));
  }

  private static IdempotencyStore.Name name(ApiCall call, String key) {
    return switch (call.caller(Object.class)) {
      case ApiCaller caller ->
          new IdempotencyStore.Name(
              caller.tenant().organizationId(), caller.id(), call.routeName(), key);
      case SignedIn person ->
          new IdempotencyStore.Name("", person.personId(), call.routeName(), key);
      case Object other ->
          throw new IllegalStateException(
              "a create whose caller is no " + other.getClass().getSimpleName());
    };
  }

  private static @Nullable String key(List<String> values) {
    if (values.isEmpty()) {
      return null;
    }
    String key = values.getFirst();
    boolean good =
        values.size() == 1
            && !key.isEmpty()
            && key.length() <= KEY_CHARACTERS_MAX
            && key.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (!good) {
      throw Problem.invalid(
          HEADER,
          "idempotency-key: not usable (expected: once, 1…%d printable characters)"
              .formatted(KEY_CHARACTERS_MAX));
    }
    return key;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException bug) {
      throw new IllegalStateException("every JDK has it", bug);
    }
  }
}
