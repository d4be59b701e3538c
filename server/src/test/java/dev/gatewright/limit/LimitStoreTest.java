package dev.gatewright.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.limit.term.Limit;
import dev.gatewright.limit.term.LimitKind;
import dev.gatewright.limit.term.Window;
import dev.gatewright.store.Database;
import dev.gatewright.testbed.EachDatabase;
import java.util.List;

class LimitStoreTest {
  private static StoredLimit stored(String organization, int id, String on, LimitKind kind) {
    Window per = kind == LimitKind.CONCURRENCY ? null : Window.HOUR;
    Limit limit = new Limit("lim_" + id, on, kind, 10 + id, per);
    return new StoredLimit(organization, limit, "local", 5, 1);
  }

  @EachDatabase
  void limits_areKeptChangedAndTakenAway_eachByItsOwnOrganizationOnly(Database database) {
    StoredLimit first = stored("org_a", 1, "key_a", LimitKind.REQUESTS);
    StoredLimit second = stored("org_a", 2, "org_a", LimitKind.CONCURRENCY);
    StoredLimit other = stored("org_b", 3, "org_b", LimitKind.SPEND);
    database.write(handle -> {
      List.of(first, second, other).forEach(each -> LimitStore.insert(handle, each));
      return 3;
    });

    database.read(handle -> {
      assertThat(LimitStore.all(handle, "org_a")).containsExactly(second, first);
      assertThat(LimitStore.list(handle, "org_a", null, "lim_2", 9)).containsExactly(first);
      assertThat(LimitStore.list(handle, "org_a", "org_a", null, 9)).containsExactly(second);
      assertThat(LimitStore.of(handle, "org_a", "key_a")).containsExactly(first);
      assertThat(LimitStore.find(handle, "org_b", "lim_1")).isEmpty();
      assertThat(LimitStore.count(handle, "org_a")).isEqualTo(2);
      return "";
    });

    Limit wider = new Limit("lim_1", "key_a", LimitKind.REQUESTS, 99, Window.HOUR);
    database.write(handle -> {
      assertThat(LimitStore.update(handle, "org_b", wider)).isFalse();
      assertThat(LimitStore.update(handle, "org_a", wider)).isTrue();
      assertThat(LimitStore.find(handle, "org_a", "lim_1"))
          .contains(new StoredLimit("org_a", wider, "local", 5, 2));
      assertThat(LimitStore.delete(handle, "org_b", "lim_1")).isFalse();
      assertThat(LimitStore.delete(handle, "org_a", "lim_1")).isTrue();
      return "";
    });
  }

  @EachDatabase
  void oneOfAKindAndTime_isEnough(Database database) {
    database.write(handle -> {
      LimitStore.insert(handle, stored("org_a", 1, "key_a", LimitKind.REQUESTS));
      return "";
    });
    assertThatThrownBy(() ->
            database.write(handle -> {
              LimitStore.insert(handle, stored("org_a", 2, "key_a", LimitKind.REQUESTS));
              return "";
            }))
        .isInstanceOf(RuntimeException.class);
  }
}
