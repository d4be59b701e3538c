package dev.gatewright.admission;

import dev.gatewright.admission.Grants.Grant;
import dev.gatewright.edge.AccessEntry;
import dev.gatewright.edge.Exchange;
import dev.gatewright.edge.PathKey;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RequestHead;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyFormat;
import dev.gatewright.key.LocalAdmin;
import dev.gatewright.key.lookup.KeyDirectory;
import dev.gatewright.key.lookup.KeyLookup;
import dev.gatewright.limit.LimitGate;
import dev.gatewright.oauth.AccessTokens;
import dev.gatewright.policy.Denial;
import dev.gatewright.policy.Layer;
import dev.gatewright.policy.ListedPrice;
import dev.gatewright.policy.Policy;
import dev.gatewright.policy.PolicyViews;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.RuleOwner;
import dev.gatewright.share.Holder;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The way in, by API key. The order is that of the methods below: authenticate → authorize; limits
/// are asked when the call begins and it is known what it wants, reservations with its opening, in
/// this order. Thread-safe.
public final class KeyAdmission implements Admission, Principals, AutoCloseable {
  private static final long BLOCKING_SECONDS_MAX = 30;
  private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9._/:@+-]+");

  private final KeyDirectory directory;
  private final @Nullable JwtAdmission tokens;
  private final LimitGate limits;
  private final @Nullable AccessTokens granted;
  private final RunningCalls running;

  /// One that nothing limits.
  public KeyAdmission(KeyDirectory directory, ChangeFeed feed, Time time) {
    this(directory, null, null, LimitGate.NONE, feed, time);
  }

  /// @param directory already listens to `feed`: it must have dropped a changed key before the
  ///   running calls ask for it
  /// @param tokens for callers without a key; null = there are none
  /// @param granted tokens that stand for keys; null = there are none
  /// @param limits asked by calls as they begin
  public KeyAdmission(
      KeyDirectory directory,
      @Nullable JwtAdmission tokens,
      @Nullable AccessTokens granted,
      LimitGate limits,
      ChangeFeed feed,
      Time time) {
    this.directory = directory;
    this.tokens = tokens;
    this.limits = limits;
    this.granted = granted;
    this.running = new RunningCalls(this, time);
    feed.listen(KeyDirectory.CHANGE_KIND, change -> running.changed(change.id()));
    PolicyViews.listen(feed, running::changed);
    directory.listenFile(running::changed);
    directory.listenClosed(id -> running.changed(new RuleOwner(id, Layer.ORGANIZATION, id)));
    feed.listenGap(running::changed);
  }

  @Override
  public void admit(Exchange exchange, Consumer<Admitted> then) {
    InetAddress client = exchange.request().client();
    decide(
        new LoopHeaders(exchange.request().headers()),
        client,
        admitted -> tell(exchange, admitted, then));
  }

  /// A key in memory is judged on the exchange's loop; one from the store on a thread of its own.
  static void tell(Exchange exchange, Admitted admitted, Consumer<Admitted> then) {
    EventLoop loop = exchange.eventLoop();
    if (loop.inEventLoop()) {
      note(exchange.access(), admitted);
      then.accept(admitted);
    } else {
      loop.execute(() -> {
        note(exchange.access(), admitted);
        then.accept(admitted);
      });
    }
  }

  @Override
  public Admitted admit(Function<String, List<String>> headers, InetAddress client) {
    CompletableFuture<Admitted> decided = new CompletableFuture<>();
    decide(headers, client, decided::complete);
    return decided
        .completeOnTimeout(unavailable("store_slow", 1), BLOCKING_SECONDS_MAX, TimeUnit.SECONDS)
        .join();
  }

  /// Whose share it is what a request takes before it is admitted: its key's where memory knows
  /// that and it is the right one, else its address's. Looks nothing up, counts no guess.
  public Holder holder(RequestHead head) {
    if (!(Carriers.read(new LoopHeaders(head.headers()))
        instanceof Carriers.Credential.Presented presented)) {
      return Holder.address(head.client());
    }
    if (tokens != null && tokens.takes(presented.text())) {
      String id = tokens.remembered(presented.text());
      return id == null ? Holder.address(head.client()) : Holder.key(id);
    }
    if (AccessTokens.looksLike(presented.text())) {
      AccessTokens.Granted grant = granted == null ? null : granted.read(presented.text());
      return grant == null ? Holder.address(head.client()) : Holder.key(grant.keyId());
    }
    ApiKey key = directory.remembered(presented.text());
    if (key == null) {
      return Holder.address(head.client());
    }
    return LocalAdmin.is(key) ? Holder.LOCAL : Holder.key(key.id(), key.tenant().organizationId());
  }

  private void decide(
      Function<String, List<String>> headers, InetAddress client, Consumer<Admitted> then) {
    switch (Carriers.read(headers)) {
      case Carriers.Credential.Presented presented
          when granted != null && AccessTokens.looksLike(presented.text()) ->
          holder(
              presented.text(),
              lookup ->
                  then.accept(
                      authorize(
                          fitOrigin(fitCarrier(authenticate(lookup), headers), headers), client)));
      case Carriers.Credential.Unusable unusable ->
          then.accept(new Admitted.No(Refusal.badKey(), unusable.reason()));
      case Carriers.Credential.Presented presented
          when tokens != null && tokens.takes(presented.text()) ->
          tokens.authenticate(
              presented.text(),
              client,
              admitted -> then.accept(authorize(fitCarrier(admitted, headers), client)));
      case Carriers.Credential.Presented presented ->
          directory.find(
              presented.text(),
              client,
              lookup ->
                  then.accept(
                      authorize(
                          fitOrigin(fitCarrier(authenticate(lookup), headers), headers), client)));
    }
  }

  /// The key a token stands for, as it is now.
  private void holder(String token, Consumer<KeyLookup> then) {
    AccessTokens.Granted grant = granted == null ? null : granted.read(token);
    if (grant == null) {
      then.accept(new KeyLookup.Rejected("token", "-"));
    } else {
      directory.holder(grant.keyId(), then);
    }
  }

  /// Who is it?
  static Admitted authenticate(KeyLookup lookup) {
    return switch (lookup) {
      case KeyLookup.Found found -> new Admitted.Yes(KeyCaller.of(found));
      case KeyLookup.Rejected rejected -> new Admitted.No(Refusal.badKey(), rejected.reason());
      case KeyLookup.Throttled throttled -> throttled(throttled.retryAfterSeconds());
      case KeyLookup.Unavailable unavailable ->
          unavailable(unavailable.reason(), unavailable.retryAfterSeconds());
    };
  }

  static Admitted throttled(int retryAfterSeconds) {
    return new Admitted.No(
        Refusal.tooMany(
            "Too many keys from this address were not valid; try again later.", retryAfterSeconds),
        "throttled");
  }

  /// May it come in this way? A key in a path stands in the histories and logs of whatever is in
  /// front, so only one that is good for little may.
  private static Admitted fitCarrier(Admitted admitted, Function<String, List<String>> headers) {
    return switch (admitted) {
      case Admitted.No no -> no;
      case Admitted.Yes yes ->
          headers.apply(PathKey.HEADER).isEmpty() || restricted(yes.caller())
              ? yes
              : new Admitted.No(Refusal.badKey(), "path_key_unrestricted");
    };
  }

  /// May it come from that page? A key that names pages is theirs alone: what names no page, such
  /// as a program that has found the key in one, is refused as well.
  static Admitted fitOrigin(Admitted admitted, Function<String, List<String>> headers) {
    if (!(admitted instanceof Admitted.Yes yes)) {
      return admitted;
    }
    Refusal refusal = originRefusal(yes.caller(), headers.apply("origin"));
    return refusal == null ? admitted : new Admitted.No(refusal, "origin");
  }

  private static @Nullable Refusal originRefusal(Caller caller, List<String> origins) {
    List<String> allowed = caller.origins();
    if (allowed.isEmpty() || (origins.size() == 1 && allowed.contains(origins.getFirst()))) {
      return null;
    }
    String shown = origins.isEmpty() ? "missing" : Refusal.shown(origins.getFirst());
    return Refusal.denied("origin: %s (expected: one of the key's origins)".formatted(shown));
  }

  /// May the caller's key be used from there? Null = yes. Pure.
  ///
  /// @param origin the header `Origin`; empty = none
  public @Nullable Refusal allowsOrigin(Caller caller, String origin) {
    return originRefusal(caller, origin.isEmpty() ? List.of() : List.of(origin));
  }

  private static boolean restricted(Caller caller) {
    return caller instanceof KeyCaller holder
        && holder.kind() != ApiKey.Kind.ADMIN
        && holder.key().rules().stream().anyMatch(rule -> rule.effect() == Rule.Effect.ALLOW);
  }

  /// May it come from there? What it may use is asked later, target by target: [#allowsModel].
  static Admitted authorize(Admitted admitted, InetAddress client) {
    return switch (admitted) {
      case Admitted.No no -> no;
      case Admitted.Yes yes -> {
        Refusal refusal = addressRefusal(yes.caller(), client);
        yield refusal == null ? yes : new Admitted.No(refusal, "ip");
      }
    };
  }

  private static @Nullable Refusal addressRefusal(Caller caller, InetAddress client) {
    Denial denial = caller.policy().address(client);
    if (denial != null) {
      return refusal(caller, denial, "--ip " + client.getHostAddress());
    }
    caller.grants().address(client);
    return null;
  }

  @Override
  public @Nullable Refusal allowsAddress(Caller caller, InetAddress client) {
    return addressRefusal(caller, client);
  }

  /// Lets a key in as if it had come with its text, from an address that no rule is asked about: to
  /// explain what would become of its calls. Uses nothing. Blocks while the key is read.
  public Admitted standIn(String keyId) {
    CompletableFuture<Admitted> decided = new CompletableFuture<>();
    look(keyId, decided::complete);
    return decided
        .completeOnTimeout(unavailable("store_slow", 1), BLOCKING_SECONDS_MAX, TimeUnit.SECONDS)
        .join();
  }

  @Override
  public @Nullable Refusal allowsModel(Caller caller, String asked, @Nullable String target) {
    Denial denial = denial(caller.policy(), asked, target);
    if (denial != null) {
      return refusal(caller, denial, "--model " + word(asked));
    }
    caller.grants().add(new Grant.Model(asked, target));
    return null;
  }

  @Override
  public @Nullable Refusal allowsPrice(
      Caller caller, String asked, String target, Supplier<@Nullable ListedPrice> price) {
    if (!caller.policy().limitsPrices()) {
      caller.grants().add(new Grant.Price(target, price));
      return null;
    }
    ListedPrice listed = price.get();
    Denial denial = caller.policy().price(target, listed);
    if (denial != null) {
      return refusal(caller, denial, "--model " + word(asked));
    }
    caller.grants().add(new Grant.Price(target, () -> listed));
    return null;
  }

  static @Nullable Denial denial(Policy policy, String asked, @Nullable String target) {
    Denial denial = policy.model(asked, target);
    if (denial == null && target != null) {
      int slash = target.indexOf('/');
      return policy.provider(slash < 0 ? target : target.substring(0, slash));
    }
    return denial;
  }

  @Override
  public @Nullable Refusal allowsService(Caller caller, String service, boolean manage) {
    if (caller.kind() != ApiKey.Kind.LIVE) {
      return Refusal.denied(
          "service %s: only live keys reach services; this is a key of kind %s"
              .formatted(service, KeyFormat.word(caller.kind())),
          "A key's kind is for good: make a live one, gatewright keys create --name NAME");
    }
    Denial denial = caller.policy().service(service);
    if (denial != null) {
      return refusal(caller, denial, "--method GET --path /" + service);
    }
    if (manage && !caller.manages(service)) {
      return Refusal.denied(
          "service %s: the key lacks the scope %s:manage".formatted(service, service),
          "Whoever may edit the key can give it the scope: gatewright keys edit %s --manage %s"
              .formatted(caller.id(), service));
    }
    caller.grants().add(new Grant.Service(service, manage));
    return null;
  }

  @Override
  public @Nullable Refusal allowsServiceModel(Caller caller, String service, String asked) {
    Denial denial = caller.policy().model(asked, service + "/" + asked);
    if (denial != null) {
      return refusal(
          caller, denial, "--method GET --path /%s --model %s".formatted(service, word(asked)));
    }
    caller.grants().add(new Grant.ServiceModel(service, asked));
    return null;
  }

  @Override
  public @Nullable Refusal allowsRoom(Caller caller, String provider) {
    Denial denial = caller.policy().room(provider);
    return denial == null
        ? null
        : refusal(caller, denial, "--path /v1/rooms --provider " + provider);
  }

  /// @param options that make `policy explain` ask the same
  private static Refusal refusal(Caller caller, Denial denial, String options) {
    Refusal refusal = Refusal.denied(denial.message(), denial.help(caller.id(), options));
    caller.grants().denied(refusal, denial);
    return refusal;
  }

  @Override
  public @Nullable Denial behind(Caller caller, Refusal refusal) {
    return caller.grants().behind(refusal);
  }

  /// A name as a shell takes it for one word.
  private static String word(String name) {
    String shown = Refusal.shown(name);
    return PLAIN_WORD.matcher(shown).matches() ? shown : "'" + shown.replace("'", "'\\''") + "'";
  }

  @Override
  public boolean current(Caller caller) {
    return switch (caller) {
      case KeyCaller holder -> directory.isCurrent(holder.key(), holder.policyAge());
      case JwtCaller holder -> tokens != null && tokens.current(holder);
    };
  }

  @Override
  public void look(Caller caller, Consumer<Admitted> then) {
    switch (caller) {
      case KeyCaller holder -> look(holder.id(), then);
      case JwtCaller holder -> {
        if (tokens != null) {
          tokens.look(holder, then);
        }
      }
    }
  }

  private void look(String id, Consumer<Admitted> then) {
    directory.look(id, lookup -> then.accept(authenticate(lookup)));
  }

  @Override
  public LiveCalls liveCalls() {
    return running;
  }

  @Override
  public LimitGate limits() {
    return limits;
  }

  private static void note(AccessEntry access, Admitted admitted) {
    switch (admitted) {
      case Admitted.Yes yes -> access.caller(yes.caller());
      case Admitted.No no -> {
        access.reason(no.reason());
        if (no.refusal().status() < 500) {
          access.event("auth_denied");
        }
      }
    }
  }

  static Admitted unavailable(String reason, int retryAfterSeconds) {
    return new Admitted.No(
        Refusal.overloaded("Keys cannot be checked right now; try again.", retryAfterSeconds),
        reason);
  }

  @Override
  public void close() {
    running.close();
  }
}
