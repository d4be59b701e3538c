package dev.gatewright.ticket;

import dev.gatewright.id.Ids;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.Base62;
import dev.gatewright.key.lookup.FailureLimiter;
import dev.gatewright.key.lookup.KeyDirectory;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.secret.PurposeKeys;
import dev.gatewright.secret.Secret;
import dev.gatewright.store.Database;
import dev.gatewright.telemetry.Time;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One-time tickets: a text of 238 random bits that stands for a key once, within a minute, because
/// browsers cannot send headers with a WebSocket and an address is no place for a key. The store
/// keeps its HMAC only, and whoever takes the row out has used it: on every replica, once.
/// Thread-safe.
public final class Tickets {
  public static final Duration LIFE_MAX = Duration.ofSeconds(60);
  static final Duration LIFE_DEFAULT = Duration.ofSeconds(30);

  /// Tickets of one key that nobody has used yet.
  static final int OPEN_MAX = 256;

  private static final String PREFIX = "gwt_";
  private static final int CHARACTERS = 40;
  private static final Pattern FORM = Pattern.compile("gwt_[0-9A-Za-z]{40}");

  /// How far the clocks of two replicas may be apart: what another replica made is taken for that
  /// much longer, and no row is cleared away before any clock says so.
  private static final Duration SKEW_MAX = Duration.ofSeconds(60);

  private static final int REDEEMING_MAX = 256;
  private static final long STORE_SECONDS_MAX = 10;
  private static final int RETRY_SECONDS = 1;
  private static final Logger LOG = LoggerFactory.getLogger(Tickets.class);

  private final Database database;
  private final KeyDirectory directory;
  private final Time time;
  private final SecretKey hmac;
  private final FailureLimiter failures;
  private final String issuer;
  private final AtomicInteger redeeming = new AtomicInteger();
  private final SecureRandom random = new SecureRandom();

  public Tickets(Database database, KeyDirectory directory, PurposeKeys keys, Time time) {
    this.database = database;
    this.directory = directory;
    this.time = time;
    this.hmac = keys.purpose("ticket");
    this.failures = new FailureLimiter(time);
    this.issuer = Ids.uuid7("iss_", time.millis());
  }

  /// @param text shown this once
  record Issued(Secret text, long expiresMillis) {}

  /// Makes a ticket for `key`. Blocks.
  ///
  /// @param service the only one it opens; null = any the key may use
  /// @return empty when the key has [#OPEN_MAX] unused ones already
  Optional<Issued> issue(ApiKey key, @Nullable String service, Duration life) {
    byte[] ascii = new byte[PREFIX.length() + CHARACTERS];
    byte[] prefix = PREFIX.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(prefix, 0, ascii, 0, prefix.length);
    Base62.random(random, ascii, prefix.length, CHARACTERS);
    Secret text = Secret.of(new String(ascii, StandardCharsets.US_ASCII));
    String mac = mac(text.expose());
    long now = time.millis();
    long expires = now + life.toMillis();
    boolean made =
        database.write(handle -> {
          TicketStore.clear(handle, now - 2 * SKEW_MAX.toMillis());
          if (TicketStore.open(handle, key.tenant(), key.id(), now) >= OPEN_MAX) {
            return false;
          }
          TicketStore.insert(
              handle,
              key.tenant(),
              mac,
              new TicketStore.Ticket(key.id(), service, expires, issuer),
              now);
          return true;
        });
    return made ? Optional.of(new Issued(text, expires)) : Optional.empty();
  }

  /// Uses a ticket up and finds the key it stands for; `then` runs once, on a store thread or at
  /// once. Never blocks. A ticket for another service is used up all the same.
  public void redeem(String text, String service, InetAddress client, Consumer<KeyLookup> then) {
    if (!FORM.matcher(text).matches()) {
      then.accept(new KeyLookup.Rejected("ticket_malformed", "-"));
      return;
    }
    int wait = failures.waitSeconds(client);
    if (wait > 0) {
      then.accept(new KeyLookup.Throttled(wait));
      return;
    }
    if (redeeming.incrementAndGet() > REDEEMING_MAX) {
      redeeming.decrementAndGet();
      then.accept(new KeyLookup.Unavailable("tickets_busy", RETRY_SECONDS));
      return;
    }
    String mac = mac(text);
    database
        .writeLater(handle -> TicketStore.take(handle, mac))
        .orTimeout(STORE_SECONDS_MAX, TimeUnit.SECONDS)
        .whenComplete((ticket, failure) -> {
          redeeming.decrementAndGet();
          if (failure != null) {
            LOG.warn("a ticket could not be looked up: {}", String.valueOf(failure.getMessage()));
            then.accept(new KeyLookup.Unavailable("store", RETRY_SECONDS));
          } else {
            judge(ticket, service, client, then);
          }
        });
  }

  private void judge(
      Optional<TicketStore.Ticket> taken,
      String service,
      InetAddress client,
      Consumer<KeyLookup> then) {
    if (taken.isEmpty()) {
      int wait = failures.retryAfterSeconds(client);
      failures.failed(client);
      then.accept(
          wait > 0 ? new KeyLookup.Throttled(wait) : new KeyLookup.Rejected("ticket_unknown", "-"));
      return;
    }
    TicketStore.Ticket ticket = taken.get();
    long allowance = ticket.issuer().equals(issuer) ? 0 : SKEW_MAX.toMillis();
    if (ticket.expiresMillis() + allowance <= time.millis()) {
      then.accept(new KeyLookup.Rejected("ticket_expired", ticket.keyId()));
    } else if (ticket.service() != null && !ticket.service().equals(service)) {
      then.accept(new KeyLookup.Rejected("ticket_service", ticket.keyId()));
    } else {
      directory.holder(ticket.keyId(), then);
    }
  }

  private String mac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(hmac);
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("HmacSHA256 is part of every JDK", missing);
    }
  }
}
