package dev.gatewright.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class IdsTest {
  private static final long NOW = 1_795_000_000_000L;

  @Test
  void a_request_id_is_a_uuid_of_version_7_with_the_time_in_front() {
    String id = Ids.request(NOW + 10_000_000);

    assertThat(id).matches("req_[0-9a-f]{32}");
    UUID uuid = uuid(id);
    assertThat(uuid.version()).isEqualTo(7);
    assertThat(uuid.variant()).isEqualTo(2);
    assertThat(uuid.getMostSignificantBits() >>> 16).isEqualTo(NOW + 10_000_000);
  }

  @Test
  void ids_rise_even_when_the_clock_stands_or_goes_back() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      ids.add(Ids.uuid7("att_", NOW - i / 100));
    }

    assertThat(ids).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void ids_of_many_threads_are_all_different() {
    Set<String> ids = new HashSet<>();
    List<String> all =
        IntStream.range(0, 20_000).parallel().mapToObj(i -> Ids.request(NOW)).toList();

    ids.addAll(all);

    assertThat(ids).hasSize(20_000);
  }

  private static UUID uuid(String id) {
    String hex = id.substring(4);
    return new UUID(
        Long.parseUnsignedLong(hex.substring(0, 16), 16),
        Long.parseUnsignedLong(hex.substring(16), 16));
  }
}
