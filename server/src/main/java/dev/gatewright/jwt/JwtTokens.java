package dev.gatewright.jwt;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.gatewright.account.AccountStore;
import dev.gatewright.account.ClosedOrganizations;
import dev.gatewright.account.Tenant;
import dev.gatewright.key.lookup.FailureLimiter;
import dev.gatewright.relay.BaseUrl;
import dev.gatewright.store.Database;
import dev.gatewright.store.LookUps;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Finds out who holds a token of an issuer that is believed. A token that was good is remembered
/// by its whole SHA-256 until it ends, five minutes at most; any other is verified on threads of
/// their own, in bounded number. Thread-safe.
public final class JwtTokens implements AutoCloseable {
  static final Duration REMEMBERED = Duration.ofMinutes(5);

  private static final int REMEMBERED_MAX = 10_000;
  private static final int WAITING_MAX = 1_024;
  private static final int RETRY_SECONDS = 1;
  private static final int AWAY_RETRY_SECONDS = 5;

  /// Each use leaves it as new; to ask the providers for one takes as long as a short text.
  private static final ThreadLocal<MessageDigest> SHA_256 =
      ThreadLocal.withInitial(JwtTokens::newDigest);

  private final Time time;
  private final String platform;
  private final FailureLimiter failures;
  private final ThreadPoolExecutor threads;
  private final Executor fetches = task -> Thread.ofVirtual().name("jwt-keys").start(task);
  private final LookUps<Place, Optional<Tenant>> places;
  private final Cache<ByteBuffer, Known> known;
  private volatile Function<BaseUrl, @Nullable String> source = _ -> null;
  private volatile Issuers issuers;

  /// Where a token says its holder belongs.
  private record Place(String organizationId, @Nullable String projectId) {}

  /// Issuers as they were configured together; the identity tells one configuration from the next.
  private record Issuers(Map<String, JwtIssuer> byName, Map<String, Jwks> keys) {}

  private record Known(JwtHolder holder, Issuers by) {}

  /// @param lookUps the lane for look-ups
  /// @param platform the gate's first organization
  public JwtTokens(
      JwtConfig config, Database lookUps, ChangeFeed feed, String platform, Time time) {
    this.time = time;
    this.platform = platform;
    this.failures = new FailureLimiter(time);
    int count = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(WAITING_MAX),
            Thread.ofPlatform().name("jwt-", 0).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
    this.places =
        new LookUps<>(
            lookUps,
            new LookUps.Terms("a token's project", 256, 4_096),
            (handle, place) ->
                place.projectId() == null
                    ? AccountStore.firstProject(handle, place.organizationId())
                    : JwtStore.project(
                        handle, new Tenant(place.organizationId(), place.projectId())),
            (_, _) -> {});
    this.known =
        Caffeine.newBuilder()
            .maximumSize(REMEMBERED_MAX)
            .expireAfterWrite(REMEMBERED)
            .ticker(time::nanos)
            .executor(Runnable::run)
            .build();
    this.issuers = issuers(config);
    feed.listen(ClosedOrganizations.CHANGE_KIND, _ -> known.invalidateAll());
    feed.listenGap(known::invalidateAll);
  }

  private Issuers issuers(JwtConfig config) {
    Map<String, JwtIssuer> byName = new HashMap<>();
    Map<String, Jwks> keys = new HashMap<>();
    for (JwtIssuer issuer : config.issuers()) {
      byName.put(issuer.issuer(), issuer);
      keys.put(
          issuer.issuer(),
          new Jwks(issuer.issuer(), () -> source.apply(issuer.jwks()), fetches, time));
    }
    return new Issuers(Map.copyOf(byName), Map.copyOf(keys));
  }

  /// How keys are fetched, once connections can be made.
  public void fetchThrough(Function<BaseUrl, @Nullable String> keys) {
    source = keys;
  }

  /// Puts an edited `auth.jwt` in force, for every token.
  public void configure(JwtConfig edited) {
    issuers = issuers(edited);
    known.invalidateAll();
  }

  /// Whether a text may be a token that is looked at here: three parts, the first one JSON.
  public boolean takes(String text) {
    return text.startsWith("eyJ") && text.indexOf('.') > 0 && !issuers.byName.isEmpty();
  }

  /// Who holds a token, as far as memory can tell; null when it is none, or not known yet.
  public @Nullable JwtHolder remembered(String text) {
    return text.length() > TokenCheck.CHARACTERS_MAX ? null : held(digest(text));
  }

  @SuppressWarnings("ReferenceEquality") // What other issuers' settings have found is not theirs.
  private @Nullable JwtHolder held(ByteBuffer digest) {
    Known found = known.getIfPresent(digest);
    return found != null && found.by == issuers && good(found.holder) ? found.holder : null;
  }

  private boolean good(JwtHolder holder) {
    return time.millis() - TokenCheck.LEEWAY.toMillis() < holder.expiresMillis();
  }

  /// `then` runs once: before this returns when memory can answer, on a thread of this otherwise.
  /// Never blocks.
  public void find(String text, InetAddress client, Consumer<JwtLookup> then) {
    if (text.length() > TokenCheck.CHARACTERS_MAX) {
      then.accept(bad("jwt_malformed", client));
      return;
    }
    ByteBuffer digest = digest(text);
    JwtHolder held = held(digest);
    if (held != null) {
      then.accept(new JwtLookup.Found(held));
      return;
    }
    int wait = failures.waitSeconds(client);
    if (wait > 0) {
      then.accept(new JwtLookup.Throttled(wait));
      return;
    }
    onThread(new Asked(text, digest, client, issuers, then), this::verify);
  }

  /// A token on its way.
  private record Asked(
      String text, ByteBuffer digest, InetAddress client, Issuers by, Consumer<JwtLookup> then) {}

  private void onThread(Asked asked, Consumer<Asked> work) {
    try {
      threads.execute(() -> work.accept(asked));
    } catch (RejectedExecutionException full) {
      asked.then.accept(new JwtLookup.Unavailable("jwt_busy", RETRY_SECONDS));
    }
  }

  private void verify(Asked asked) {
    TokenCheck.Parsed parsed = TokenCheck.parse(asked.text);
    JwtIssuer issuer = parsed == null ? null : asked.by.byName.get(parsed.issuer());
    Jwks keys = issuer == null ? null : asked.by.keys.get(issuer.issuer());
    if (parsed == null || issuer == null || keys == null) {
      asked.then.accept(bad(parsed == null ? "jwt_malformed" : "jwt_issuer", asked.client));
      return;
    }
    keys.find(
        parsed.keyId(),
        found -> {
          switch (found) {
            case Jwks.Found.Away _ ->
                asked.then.accept(new JwtLookup.Unavailable("jwt_issuer_away", AWAY_RETRY_SECONDS));
            case Jwks.Found.Unknown _ -> asked.then.accept(bad("jwt_key_unknown", asked.client));
            case Jwks.Found.Key(JWK key) ->
                onThread(asked, again -> judge(again, parsed, issuer, key));
          }
        });
  }

  private void judge(Asked asked, TokenCheck.Parsed parsed, JwtIssuer issuer, JWK key) {
    switch (TokenCheck.check(parsed, issuer, key, time.millis())) {
      case TokenCheck.Result.Bad(String reason) -> asked.then.accept(bad(reason, asked.client));
      case TokenCheck.Result.Good good -> {
        Place place = place(issuer, good.claims());
        if (place == null) {
          asked.then.accept(bad("jwt_organization", asked.client));
        } else {
          places.load(place, result -> settle(asked, issuer, good, result));
        }
      }
    }
  }

  /// Null when the claim that is to say it does not.
  private @Nullable Place place(JwtIssuer issuer, JWTClaimsSet claims) {
    String organization = issuer.organization() == null ? platform : issuer.organization();
    String project = issuer.project();
    if (issuer.claims().organization() != null) {
      organization = claimed(claims, issuer.claims().organization(), "org_");
    }
    if (issuer.claims().project() != null) {
      project = claimed(claims, issuer.claims().project(), "prj_");
      if (project == null) {
        return null;
      }
    }
    return organization == null ? null : new Place(organization, project);
  }

  private static @Nullable String claimed(JWTClaimsSet claims, String name, String prefix) {
    return claims.getClaim(name) instanceof String text
            && text.startsWith(prefix)
            && TokenCheck.printable(text)
        ? text
        : null;
  }

  private void settle(
      Asked asked,
      JwtIssuer issuer,
      TokenCheck.Result.Good good,
      LookUps.Result<Optional<Tenant>> result) {
    switch (result) {
      case LookUps.Result.Failed<Optional<Tenant>>(String reason) ->
          asked.then.accept(new JwtLookup.Unavailable(reason, RETRY_SECONDS));
      case LookUps.Result.Read<Optional<Tenant>>(Optional<Tenant> tenant) when tenant.isEmpty() ->
          asked.then.accept(bad("jwt_organization", asked.client));
      case LookUps.Result.Read<Optional<Tenant>>(Optional<Tenant> tenant) -> {
        String user =
            good.claims().getClaim(issuer.claims().user()) instanceof String text
                    && TokenCheck.printable(text)
                ? text
                : "";
        JwtHolder holder =
            JwtHolder.of(issuer, good.subject(), tenant.orElseThrow(), user, good.expiresMillis());
        known.put(asked.digest, new Known(holder, asked.by));
        asked.then.accept(new JwtLookup.Found(holder));
      }
    }
  }

  /// A guess: counted.
  private JwtLookup bad(String reason, InetAddress client) {
    int wait = failures.retryAfterSeconds(client);
    failures.failed(client);
    return wait > 0 ? new JwtLookup.Throttled(wait) : new JwtLookup.Rejected(reason);
  }

  private static ByteBuffer digest(String text) {
    return ByteBuffer.wrap(SHA_256.get().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("SHA-256 is part of every JDK", missing);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
