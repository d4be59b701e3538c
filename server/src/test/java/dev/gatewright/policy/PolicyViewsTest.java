package dev.gatewright.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.id.Ids;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import dev.gatewright.testbed.Await;
import dev.gatewright.testbed.EachDatabase;
import dev.gatewright.testbed.TestStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

class PolicyViewsTest {
  private static final PolicyView OWN = new PolicyView(Layer.KEY, "key_1", List.of());
  private static final List<RuleOwner> OWNERS = RuleOwner.over("org_a", "prj_a", "per_a");

  @EachDatabase
  void each_owner_has_its_layer_and_others_have_none(Database database) {
    try (ChangeFeed feed = ChangeFeed.start(database, Time.system())) {
      PolicyViews views = new PolicyViews(database, feed, Time.system());
      for (RuleOwner owner : OWNERS) {
        add(database, feed, owner, deny(owner.layer().word()));
      }
      PolicyViews.Found.Whole found = find(views, OWNERS);
      assertThat(found.layered()).isTrue();
      for (RuleOwner owner : OWNERS) {
        Denial denial = Objects.requireNonNull(found.policy().model(owner.layer().word(), null));
        assertThat(denial.layer()).isEqualTo(owner.layer());
        assertThat(denial.subjectId()).isEqualTo(owner.subjectId());
      }
      // The same project and person, seen from another organization, are other owners.
      PolicyViews.Found.Whole elsewhere = find(views, RuleOwner.over("org_b", "prj_a", "per_a"));
      assertThat(elsewhere.layered()).isFalse();
      assertThat(elsewhere.policy()).isSameAs(Policy.OPEN);
      PolicyViews.Found.Whole ownerless = find(views, RuleOwner.over("org_a", "prj_a", null));
      assertThat(ownerless.policy().model("member", null)).isNull();
      assertThat(ownerless.policy().model("project", null)).isNotNull();
    }
  }

  @EachDatabase
  void memory_answers_at_once_until_a_rule_changes(Database database) {
    try (ChangeFeed feed = ChangeFeed.start(database, Time.system())) {
      PolicyViews views = new PolicyViews(database, feed, Time.system());
      assertThat(find(views, OWNERS).layered()).isFalse();
      AtomicReference<PolicyViews.@Nullable Found> now = new AtomicReference<>();
      views.find(OWNERS, OWN, now::set);
      assertThat(now.get()).isNotNull();
      long age = views.age();
      add(database, feed, OWNERS.get(1), deny("x"));
      assertThat(views.age()).isGreaterThan(age);
      assertThat(find(views, OWNERS).policy().model("x", null)).isNotNull();
    }
  }

  @EachDatabase
  void a_replica_hears_of_a_rule_within_a_second(TestStore store) throws InterruptedException {
    Database other =
        store.database().kind() == Database.Kind.POSTGRES ? store.open() : store.database();
    try (ChangeFeed here = ChangeFeed.start(store.database(), Time.system());
        ChangeFeed there = ChangeFeed.start(other, Time.system())) {
      PolicyViews views = new PolicyViews(other, there, Time.system());
      assertThat(find(views, OWNERS).layered()).isFalse();
      add(store.database(), here, OWNERS.getFirst(), deny("x"));
      Await.until("heard", Duration.ofSeconds(1), () -> find(views, OWNERS).layered());
    }
  }

  @EachDatabase
  void memory_stays_bounded_whatever_owners_there_are(Database database) {
    try (ChangeFeed feed = ChangeFeed.start(database, Time.system())) {
      PolicyViews views = new PolicyViews(database, feed, Time.system(), 20_000);
      for (int i = 0; i < 300; i++) {
        find(views, RuleOwner.over("org_" + i, "prj_" + i, null));
      }
      assertThat(views.count()).isBetween(10L, 100L);
    }
  }

  private static Rule deny(String model) {
    return new Rule(
        Rule.Effect.DENY, Rule.Type.MODELS, List.of(model), "", Ids.uuid7("rule_", 1_000));
  }

  private static void add(Database database, ChangeFeed feed, RuleOwner owner, Rule rule) {
    database.write(handle -> {
      RuleStore.insert(handle, new StoredRule(owner, rule, "local", 1L));
      return feed.append(handle, PolicyViews.CHANGE_KIND, owner.organizationId(), owner.text());
    });
  }

  private static PolicyViews.Found.Whole find(PolicyViews views, List<RuleOwner> owners) {
    CompletableFuture<PolicyViews.Found> found = new CompletableFuture<>();
    views.find(owners, OWN, found::complete);
    return (PolicyViews.Found.Whole) found.orTimeout(20, TimeUnit.SECONDS).join();
  }
}
