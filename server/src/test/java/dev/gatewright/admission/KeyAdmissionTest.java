package dev.gatewright.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.Keys;
import dev.gatewright.edge.Refusal;
import dev.gatewright.id.Ids;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.KeyNotes;
import dev.gatewright.key.KeyPower;
import dev.gatewright.key.NewKey;
import dev.gatewright.key.TestKeys;
import dev.gatewright.key.change.KeyChanges;
import dev.gatewright.key.change.KeyEdit;
import dev.gatewright.key.change.KeyGuard;
import dev.gatewright.policy.Layer;
import dev.gatewright.policy.PolicyViews;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.RuleOwner;
import dev.gatewright.policy.RuleStore;
import dev.gatewright.policy.StoredRule;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import io.netty.channel.DefaultEventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class KeyAdmissionTest {
  private final DefaultEventLoop loop = new DefaultEventLoop();

  @AfterEach
  void stop() {
    loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @EachDatabase
  void admits_on_the_exchanges_loop_and_says_who(Database database) {
    try (TestKeys test = new TestKeys(database);
        KeyAdmission admission = admission(test)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      for (int i = 0; i < 2; i++) { // from the store, then from memory
        StubExchange exchange = exchange(made);
        Admitted.Yes yes = (Admitted.Yes) admit(admission, exchange);
        assertThat(((KeyCaller) yes.caller()).key()).isEqualTo(made.key());
        assertThat(exchange.access.keyId()).isEqualTo(made.key().id());
        assertThat(exchange.access.event()).isNull();
      }
    }
  }

  @EachDatabase
  void every_bad_key_gets_the_same_answer_and_its_own_reason(Database database) {
    try (TestKeys test = new TestKeys(database);
        KeyAdmission admission = admission(test)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      StubExchange missing = new StubExchange(loop, TestKeys.CLIENT);
      StubExchange junk = exchange("junk");
      StubExchange typo = exchange(made.text().expose().substring(0, 57) + "~");
      StubExchange disagree = exchange(made);
      disagree.headers.set("x-api-key", "other");
      for (StubExchange exchange : List.of(missing, junk, typo, disagree)) {
        Admitted.No no = (Admitted.No) admit(admission, exchange);
        assertThat(no.refusal()).isEqualTo(Refusal.badKey());
        assertThat(exchange.access.event()).isEqualTo("auth_denied");
        assertThat(exchange.access.keyId()).isNull();
      }
      assertThat(missing.access.reason()).isEqualTo("missing");
      assertThat(junk.access.reason()).isEqualTo("malformed");
      assertThat(disagree.access.reason()).isEqualTo("carriers_disagree");
    }
  }

  @EachDatabase
  void the_address_is_part_of_the_way_in(Database database) {
    try (TestKeys test = new TestKeys(database);
        KeyAdmission admission = admission(test)) {
      KeyChanges.Made inside =
          test.make(
              ApiKey.Kind.LIVE, new Rule(Rule.Effect.ALLOW, Rule.Type.IP, List.of("192.0.2.0/24")));
      KeyChanges.Made outside =
          test.make(
              ApiKey.Kind.LIVE, new Rule(Rule.Effect.ALLOW, Rule.Type.IP, List.of("10.0.0.0/8")));
      assertThat(admit(admission, exchange(inside))).isInstanceOf(Admitted.Yes.class);
      StubExchange exchange = exchange(outside);
      Admitted.No no = (Admitted.No) admit(admission, exchange);
      assertThat(no.refusal().status()).isEqualTo(403);
      assertThat(no.refusal().message()).contains("allow ip 10.0.0.0/8");
      assertThat(exchange.access.event()).isEqualTo("auth_denied");
      assertThat(exchange.access.reason()).isEqualTo("ip");
    }
  }

  @EachDatabase
  void models_and_providers_are_asked_target_by_target(Database database) {
    try (TestKeys test = new TestKeys(database);
        KeyAdmission admission = admission(test)) {
      Caller caller =
          KeyCaller.of(
              test.make(
                      ApiKey.Kind.LIVE,
                      new Rule(Rule.Effect.ALLOW, Rule.Type.MODELS, List.of("fast")),
                      new Rule(Rule.Effect.DENY, Rule.Type.PROVIDERS, List.of("openai")))
                  .key());
      assertThat(admission.allowsModel(caller, "fast", null)).isNull();
      assertThat(admission.allowsModel(caller, "fast", "local/a")).isNull();
      Refusal provider = Objects.requireNonNull(admission.allowsModel(caller, "fast", "openai/a"));
      assertThat(provider.status()).isEqualTo(403);
      assertThat(provider.message()).contains("deny providers openai");
      assertThat(admission.allowsModel(caller, "slow", "local/a")).isNotNull();
    }
  }

  @EachDatabase
  void a_key_that_names_pages_is_good_on_those_alone(Database database) {
    try (TestKeys test = new TestKeys(database);
        KeyAdmission admission = admission(test)) {
      KeyPower power = new KeyPower(List.of(), List.of(), List.of("https://app.example"));
      KeyChanges.Made made =
          test.make(new NewKey(test.owner(), ApiKey.Kind.LIVE, "t", 0, null, power, KeyNotes.NONE));
      StubExchange page = exchange(made);
      page.headers.set("origin", "https://app.example");
      assertThat(admit(admission, page)).isInstanceOf(Admitted.Yes.class);
      StubExchange none = exchange(made);
      StubExchange other = exchange(made);
      other.headers.set("origin", "https://app.example.evil");
      StubExchange twice = exchange(made);
      twice.headers.add("origin", "https://app.example").add("origin", "https://app.example");
      for (StubExchange exchange : List.of(none, other, twice)) {
        Admitted.No no = (Admitted.No) admit(admission, exchange);
        assertThat(no.refusal().status()).isEqualTo(403);
        assertThat(no.reason()).isEqualTo("origin");
      }
    }
  }

  @EachDatabase
  void services_are_for_live_keys_and_manage_is_never_implied(Database database) {
    try (TestKeys test = new TestKeys(database);
        KeyAdmission admission = admission(test)) {
      Rule chat = new Rule(Rule.Effect.ALLOW, Rule.Type.SERVICES, List.of("chat"));
      NewKey manager =
          new NewKey(
              test.owner(),
              ApiKey.Kind.LIVE,
              "m",
              0,
              null,
              new KeyPower(List.of(chat), List.of("chat"), List.of()),
              KeyNotes.of("ada", List.of()));
      Caller managing = KeyCaller.of(test.make(manager).key());
      assertThat(admission.allowsService(managing, "chat", false)).isNull();
      assertThat(admission.allowsService(managing, "chat", true)).isNull();
      assertThat(message(admission.allowsService(managing, "tts", true)))
          .contains("allow services chat");
      Caller using = KeyCaller.of(test.make(ApiKey.Kind.LIVE).key());
      assertThat(admission.allowsService(using, "chat", false)).isNull();
      assertThat(message(admission.allowsService(using, "chat", true))).contains("chat:manage");
      for (ApiKey.Kind kind : List.of(ApiKey.Kind.TEST, ApiKey.Kind.ADMIN)) {
        Caller other = KeyCaller.of(test.make(kind, chat).key());
        assertThat(message(admission.allowsService(other, "chat", false))).contains("live keys");
      }
    }
  }

  private static String message(@Nullable Refusal refusal) {
    assertThat(Objects.requireNonNull(refusal).status()).isEqualTo(403);
    return refusal.message();
  }

  @EachDatabase
  void the_blocking_form_decides_the_same(Database database) {
    try (TestKeys test = new TestKeys(database);
        KeyAdmission admission = admission(test)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.ADMIN);
      Admitted admitted =
          admission.admit(
              name -> name.equals("x-api-key") ? List.of(made.text().expose()) : List.of(),
              TestKeys.CLIENT);
      assertThat(admitted).isInstanceOf(Admitted.Yes.class);
      assertThat(admission.admit(_ -> List.of(), TestKeys.CLIENT)).isInstanceOf(Admitted.No.class);
    }
  }

  @EachDatabase
  void revoking_ends_running_calls_here_and_on_a_replica(TestStore store)
      throws InterruptedException {
    try (TestKeys test = new TestKeys(store.database());
        KeyAdmission admission = admission(test)) {
      Database other =
          store.database().kind() == Database.Kind.POSTGRES ? store.open() : store.database();
      try (ChangeFeed otherFeed = ChangeFeed.start(other, Time.system());
          Keys replica = Keys.start(other, otherFeed, TestKeys.master(), Time.system());
          KeyAdmission there = new KeyAdmission(replica.directory(), otherFeed, Time.system())) {
        KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
        KeyChanges.Made bystander = test.make(ApiKey.Kind.LIVE);
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger spared = new AtomicInteger();
        enter(admission, made, ended);
        enter(admission, made, ended);
        enter(there, made, ended);
        enter(there, bystander, spared);
        test.settle();
        assertThat(ended).hasValue(0);
        test.revoke(made);
        Await.until("all ended", Duration.ofSeconds(1), () -> ended.get() == 3);
        assertThat(spared).hasValue(0);
        assertThat(((RunningCalls) there.liveCalls()).count()).isEqualTo(1);
      }
    }
  }

  @EachDatabase
  void an_edit_ends_the_calls_that_the_key_may_no_longer_make(TestStore store)
      throws InterruptedException {
    try (TestKeys test = new TestKeys(store.database());
        KeyAdmission admission = admission(test)) {
      Database other =
          store.database().kind() == Database.Kind.POSTGRES ? store.open() : store.database();
      try (ChangeFeed otherFeed = ChangeFeed.start(other, Time.system());
          Keys replica = Keys.start(other, otherFeed, TestKeys.master(), Time.system());
          KeyAdmission there = new KeyAdmission(replica.directory(), otherFeed, Time.system())) {
        KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
        List<AtomicInteger> ended = new ArrayList<>();
        for (String model : List.of("local/a", "local/b")) {
          for (KeyAdmission at : List.of(admission, there)) {
            Caller caller = ((Admitted.Yes) admit(at, exchange(made))).caller();
            assertThat(at.allowsModel(caller, "fast", model)).isNull();
            ended.add(entered(at, caller));
          }
        }
        Caller chatting = ((Admitted.Yes) admit(admission, exchange(made))).caller();
        assertThat(admission.allowsService(chatting, "chat", false)).isNull();
        AtomicInteger chat = entered(admission, chatting);
        edit(test, made, "{\"deny_models\":[\"local/b\"]}");
        Await.until(
            "b ended",
            Duration.ofSeconds(1),
            () -> ended.get(2).get() == 1 && ended.get(3).get() == 1);
        test.settle();
        assertThat(ended.get(0)).hasValue(0);
        assertThat(ended.get(1)).hasValue(0);
        assertThat(chat).hasValue(0);
        edit(test, made, "{\"services\":[\"tts\"]}");
        Await.until("chat ended", Duration.ofSeconds(1), () -> chat.get() == 1);
        edit(test, made, "{\"name\":\"another\"}");
        test.settle();
        assertThat(ended.get(0)).hasValue(0);
        edit(test, made, "{\"ip\":[\"198.51.100.0/24\"]}");
        Await.until(
            "all ended",
            Duration.ofSeconds(1),
            () -> ended.get(0).get() == 1 && ended.get(1).get() == 1);
      }
    }
  }

  @EachDatabase
  void a_rule_of_an_outer_layer_ends_the_calls_it_forbids(TestStore store)
      throws InterruptedException {
    try (TestKeys test = new TestKeys(store.database());
        KeyAdmission admission = admission(test)) {
      Database other =
          store.database().kind() == Database.Kind.POSTGRES ? store.open() : store.database();
      try (ChangeFeed otherFeed = ChangeFeed.start(other, Time.system());
          Keys replica = Keys.start(other, otherFeed, TestKeys.master(), Time.system());
          KeyAdmission there = new KeyAdmission(replica.directory(), otherFeed, Time.system())) {
        KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
        List<AtomicInteger> ended = new ArrayList<>();
        for (String model : List.of("local/a", "local/b", "local/c")) {
          for (KeyAdmission at : List.of(admission, there)) {
            Caller caller = ((Admitted.Yes) admit(at, exchange(made))).caller();
            assertThat(at.allowsModel(caller, "fast", model)).isNull();
            ended.add(entered(at, caller));
          }
        }
        Caller early = ((Admitted.Yes) admit(admission, exchange(made))).caller();
        assertThat(admission.allowsModel(early, "fast", "local/a")).isNull();
        test.settle();
        String organization = test.owner().organizationId();
        rule(test, new RuleOwner(organization, Layer.PROJECT, "prj_another"), "local/*");
        rule(test, new RuleOwner("org_another", Layer.ORGANIZATION, "org_another"), "local/*");
        rule(test, new RuleOwner(organization, Layer.ORGANIZATION, organization), "local/a");
        rule(test, new RuleOwner(organization, Layer.PROJECT, test.owner().projectId()), "local/b");
        Await.until(
            "a and b ended",
            Duration.ofSeconds(1),
            () -> ended.subList(0, 4).stream().allMatch(end -> end.get() == 1));
        test.settle();
        assertThat(ended.subList(4, 6)).allMatch(end -> end.get() == 0);
        // One that was let in before the rule and begins after it.
        AtomicInteger late = entered(admission, early);
        Await.until("late ended", Duration.ofSeconds(1), () -> late.get() == 1);
        Caller now = ((Admitted.Yes) admit(there, exchange(made))).caller();
        assertThat(message(there.allowsModel(now, "fast", "local/a"))).contains("organization");
        assertThat(message(there.allowsModel(now, "fast", "local/b"))).contains("project");
        assertThat(there.allowsModel(now, "fast", "local/c")).isNull();
      }
    }
  }

  private static void rule(TestKeys test, RuleOwner owner, String denied) {
    Rule rule =
        new Rule(
            Rule.Effect.DENY,
            Rule.Type.MODELS,
            List.of(denied),
            "",
            Ids.uuid7("rule_", test.time.millis()));
    test.database.write(handle -> {
      RuleStore.insert(handle, new StoredRule(owner, rule, "local", 1L));
      return test.feed.append(
          handle, PolicyViews.CHANGE_KIND, owner.organizationId(), owner.text());
    });
  }

  @EachDatabase
  void an_end_that_is_moved_holds_for_running_calls(Database database) throws InterruptedException {
    try (TestKeys test = new TestKeys(database);
        KeyAdmission admission = admission(test)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      AtomicInteger ended =
          entered(admission, ((Admitted.Yes) admit(admission, exchange(made))).caller());
      edit(test, made, "{\"expires_in\":\"1h\"}");
      test.settle();
      assertThat(ended).hasValue(0);
      edit(test, made, "{\"expires_at\":null}");
      test.settle();
      test.pass(Duration.ofHours(2));
      assertThat(ended).hasValue(0);
      edit(test, made, "{\"expires_in\":\"1h\"}");
      test.settle();
      test.pass(Duration.ofHours(2));
      Await.until(() -> ended.get() == 1);
    }
  }

  private static void edit(TestKeys test, KeyChanges.Made made, String fields) {
    try {
      KeyEdit edit = new KeyEdit((ObjectNode) new ObjectMapper().readTree(fields));
      assertThat(test.keys.changes().edit(test.local(), made.key().id(), edit, KeyGuard.NONE))
          .isInstanceOf(KeyChanges.Outcome.Changed.class);
    } catch (JsonProcessingException notJson) {
      throw new IllegalArgumentException(fields, notJson);
    }
  }

  @EachDatabase
  void a_key_revoked_between_admission_and_entry_ends_the_call(Database database)
      throws InterruptedException {
    try (TestKeys test = new TestKeys(database);
        KeyAdmission admission = admission(test)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      Caller caller = ((Admitted.Yes) admit(admission, exchange(made))).caller();
      test.revoke(made);
      test.settle();
      AtomicInteger ended = new AtomicInteger();
      admission.liveCalls().enter(caller, loop, ended::incrementAndGet);
      Await.until("ended", Duration.ofSeconds(1), () -> ended.get() == 1);
    }
  }

  @EachDatabase
  void expiry_ends_running_calls(Database database) throws InterruptedException {
    try (TestKeys test = new TestKeys(database);
        KeyAdmission admission = admission(test)) {
      KeyChanges.Made made =
          test.make(
              new NewKey(
                  test.owner(), ApiKey.Kind.LIVE, "t", 0, test.time.millis() + 60_000, List.of()));
      AtomicInteger ended = new AtomicInteger();
      enter(admission, made, ended);
      assertThat(ended).hasValue(0);
      test.pass(Duration.ofMinutes(1));
      Await.until("ended", Duration.ofSeconds(1), () -> ended.get() == 1);
    }
  }

  @EachDatabase
  void who_has_left_is_not_ended(Database database) throws Exception {
    try (TestKeys test = new TestKeys(database);
        KeyAdmission admission = admission(test)) {
      KeyChanges.Made made = test.make(ApiKey.Kind.LIVE);
      AtomicInteger ended = new AtomicInteger();
      LiveCalls.Live live = enter(admission, made, ended);
      loop.submit(live::leave).get();
      assertThat(((RunningCalls) admission.liveCalls()).count()).isZero();
      test.revoke(made);
      test.settle();
      loop.submit(() -> {}).get();
      assertThat(ended).hasValue(0);
    }
  }

  private static KeyAdmission admission(TestKeys test) {
    return new KeyAdmission(test.keys.directory(), test.feed, test.time);
  }

  private LiveCalls.Live enter(KeyAdmission admission, KeyChanges.Made made, AtomicInteger ended) {
    Caller caller = ((Admitted.Yes) admit(admission, exchange(made))).caller();
    return admission.liveCalls().enter(caller, loop, ended::incrementAndGet);
  }

  private AtomicInteger entered(KeyAdmission admission, Caller caller) {
    AtomicInteger ended = new AtomicInteger();
    admission.liveCalls().enter(caller, loop, ended::incrementAndGet);
    return ended;
  }

  private StubExchange exchange(KeyChanges.Made made) {
    return exchange(made.text().expose());
  }

  private StubExchange exchange(String key) {
    StubExchange exchange = new StubExchange(loop, TestKeys.CLIENT);
    exchange.headers.set("authorization", "Bearer " + key);
    return exchange;
  }

  private Admitted admit(KeyAdmission admission, StubExchange exchange) {
    CompletableFuture<Admitted> admitted = new CompletableFuture<>();
    loop.execute(() ->
        admission.admit(
            exchange,
            result -> {
              assertThat(loop.inEventLoop()).isTrue();
              admitted.complete(result);
            }));
    try {
      return admitted.get(20, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }
}
