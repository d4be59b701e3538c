package dev.gatewright.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.key.TestKeys;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CursorsTest {
  private static final Cursors CURSORS = new Cursors(TestKeys.master());
  private static final ApiRoute LIST =
      ApiRoute.get("/api/things", Access.of(Permission.KEY_READ), _ -> Answer.empty())
          .query("state", "limit", "cursor");

  private static ApiCall call(ApiRoute route, @Nullable String query) {
    return new ApiCall(
        route,
        new ApiCall.Origin("req_1", InetAddress.getLoopbackAddress(), "http", "localhost"),
        new ApiCall.Head(Map.of(), query, _ -> List.of()),
        new byte[0],
        null,
        CURSORS,
        (_, _) -> {});
  }

  private static String next(String owner, @Nullable String query) {
    return String.valueOf(call(LIST, query).paging(owner, 50, 100).next("key_1"));
  }

  private static @Nullable String after(ApiRoute route, String owner, String query) {
    return call(route, query).paging(owner, 50, 100).after();
  }

  @Test
  void leads_on_in_its_own_list_whatever_the_page_size() {
    String cursor = next("org_a", "state=active&limit=3");
    assertThat(after(LIST, "org_a", "limit=7&cursor=" + cursor + "&state=active"))
        .isEqualTo("key_1");
    assertThat(after(LIST, "org_a", "state=active")).isNull();
  }

  @Test
  void is_no_good_for_another_owner_filter_or_list() {
    String cursor = next("org_a", "state=active");
    ApiRoute other =
        ApiRoute.get("/api/others", Access.of(Permission.KEY_READ), _ -> Answer.empty())
            .query("state", "cursor");
    assertForeign(LIST, "org_b", "state=active&cursor=" + cursor);
    assertForeign(LIST, "org_a", "cursor=" + cursor);
    assertForeign(LIST, "org_a", "state=revoked&cursor=" + cursor);
    assertForeign(other, "org_a", "state=active&cursor=" + cursor);
  }

  @Test
  void what_we_did_not_write_is_400() {
    String cursor = next("org_a", null);
    for (String made :
        List.of(
            "",
            "x",
            "%00",
            "zzzzzzzzz.x",
            cursor.substring(1),
            cursor + "AAAA",
            cursor.toLowerCase(java.util.Locale.ROOT),
            "A".repeat(9_000),
            Base64.getUrlEncoder().encodeToString("att_g".getBytes(StandardCharsets.US_ASCII)))) {
      assertForeign(LIST, "org_a", "cursor=" + made);
    }
  }

  private static void assertForeign(ApiRoute route, String owner, String query) {
    assertThatThrownBy(() -> after(route, owner, query))
        .isInstanceOfSatisfying(
            Problem.class,
            problem -> assertThat(problem.refusal().status()).as(query).isEqualTo(400));
  }

  @Test
  void knows_its_parameters_and_each_once() {
    for (String query : List.of("sort=1", "state=a&state=b", "&", "state=a&limit=1&cursor=x&a=b")) {
      assertThatThrownBy(() -> call(LIST, query))
          .isInstanceOfSatisfying(
              Problem.class, problem -> assertThat(problem.refusal().status()).isEqualTo(422));
    }
    for (String query : List.of("state=%ff", "state=%", "state=%0", "state=%zz", "state=%00")) {
      assertThatThrownBy(() -> call(LIST, query))
          .isInstanceOfSatisfying(
              Problem.class, problem -> assertThat(problem.refusal().status()).isEqualTo(400));
    }
    assertThat(call(LIST, "state=%D0%B6+a%2Bb").query().text("state")).isEqualTo("ж a+b");
  }

  @Test
  void if_match_knows_lists_and_takes_no_weak_tag() {
    IfMatch.of(List.of()).require("\"b\"");
    IfMatch.of(List.of("*")).require("\"b\"");
    IfMatch.of(List.of("\"a\", \"b\"")).require("\"b\"");
    for (String header : List.of("\"a\"", "W/\"b\"", "\"a\", W/\"b\"")) {
      assertThatThrownBy(() -> IfMatch.of(List.of(header)).require("\"b\""))
          .isInstanceOfSatisfying(
              Problem.class, problem -> assertThat(problem.refusal().status()).isEqualTo(412));
    }
    for (String header : List.of("b", "\"a\" \"b\"", "\"a", "\"" + "x".repeat(9_000) + "\"")) {
      assertThatThrownBy(() -> IfMatch.of(List.of(header)))
          .isInstanceOfSatisfying(
              Problem.class, problem -> assertThat(problem.refusal().status()).isEqualTo(400));
    }
    assertThat(ETag.of("a", "bc"))
        .isNotEqualTo(ETag.of("ab", "c"))
        .matches("\"[A-Za-z0-9_-]{20}\"");
  }

  @Test
  void the_edge_learns_each_bodys_limit_from_the_routes() {
    Resource things =
        new Resource(
            "things",
            List.of(
                ApiRoute.post(
                    "/api/things/{id}", Access.of(Permission.KEY_READ), 100, _ -> Answer.empty()),
                ApiRoute.post(
                    "/api/things/import",
                    Access.of(Permission.KEY_READ),
                    1_000,
                    _ -> Answer.empty())));
    List<Resource> all = List.of(things);
    assertThat(Resource.bodyBytesMax(all, "POST", "/api/things/7")).isEqualTo(100);
    assertThat(Resource.bodyBytesMax(all, "POST", "/api/things/import")).isEqualTo(1_000);
    assertThat(Resource.bodyBytesMax(all, "PUT", "/api/things/import")).isEqualTo(4_096);
    assertThat(Resource.bodyBytesMax(all, "POST", "/api/nothing")).isEqualTo(4_096);
  }
}
