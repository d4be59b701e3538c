package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// GET /api/platform/config, /sites and /doctor of a running gate, for whoever runs it.
class PlatformPagesTest {
  private static final String SETTINGS =
      """
      sites:
        - { host: 127.0.0.1, public-url: "http://127.0.0.1", name: Here }
        - { host: api.example, api-only: true, ip: { allow: [10.0.0.0/8] } }
      mail: { smtp: "smtp://127.0.0.1:1", from: gate@example.com, password: pass-of-mail, user: me }
      """;

  @TempDir Path folder;

  @Test
  void settings_sites_and_findings_are_for_operators() throws Exception {
    try (FakeProvider provider = FakeProvider.start();
        ChildGate gate = ChildGate.start(GateSetup.usual(folder, provider).settings(SETTINGS))) {
      TestPerson operator = TestPerson.owner(gate);
      TestPerson viewer = TestPerson.member(gate, operator, "viewer");
      for (String path : List.of("config", "sites", "doctor", "doctor?network=true")) {
        assertThat(viewer.send("GET", "/api/platform/" + path, "").statusCode()).isEqualTo(403);
        assertThat(TestPerson.stranger(gate).send("GET", "/api/platform/" + path, "").statusCode())
            .isEqualTo(401);
      }
      List<JsonNode> settings = new ArrayList<>();
      String next = "";
      do {
        JsonNode page = read(operator, "/api/platform/config?limit=40" + next);
        assertThat(page.path("problem").isNull()).isTrue();
        assertThat(page.path("restart")).isEmpty();
        page.path("data").forEach(settings::add);
        next = "&cursor=" + page.path("next_cursor").asText();
        if (page.path("next_cursor").isNull()) {
          break;
        }
      } while (true);
      assertThat(settings).extracting(each -> each.path("key").asText()).doesNotHaveDuplicates();
      assertThat(settings.toString()).doesNotContain("pass-of-mail");
      assertThat(settings)
          .anyMatch(each ->
              each.path("key").asText().equals("sites[1].host")
                  && each.path("value").asText().equals("api.example")
                  && each.path("source").asText().equals("file")
                  && each.path("line").asInt() > 1)
          .anyMatch(each ->
              each.path("key").asText().equals("mail.password")
                  && each.path("secret").asBoolean()
                  && each.path("value").isNull())
          .anyMatch(each -> each.path("key").asText().equals("data") && !each.path("from").isNull())
          .anyMatch(each -> each.path("source").asText().equals("default"));

      JsonNode sites = read(operator, "/api/platform/sites?limit=1");
      assertThat(sites.at("/data/0/name").asText()).isEqualTo("Here");
      JsonNode rest =
          read(operator, "/api/platform/sites?cursor=" + sites.path("next_cursor").asText());
      assertThat(rest.path("data")).hasSize(1);
      assertThat(rest.at("/data/0/allow/0").asText()).isEqualTo("10.0.0.0/8");
      assertThat(rest.path("next_cursor").isNull()).isTrue();

      JsonNode found = read(operator, "/api/platform/doctor");
      assertThat(found.path("checks"))
          .extracting(each -> each.path("id").asText() + " " + each.path("status").asText())
          .contains("config ok", "data-folder ok", "store ok", "master-key ok", "port skipped");
      assertThat(read(operator, "/api/platform/doctor").path("at")).isEqualTo(found.path("at"));
      assertThat(found.toString()).doesNotContain("network.");

      JsonNode reached = read(operator, "/api/platform/doctor?network=true");
      assertThat(reached.path("checks"))
          .extracting(each -> each.path("id").asText() + " " + each.path("status").asText())
          .contains("config ok", "network.local ok", "network.nobody error");
      assertThat(reached.toString()).contains("127.0.0.1:" + provider.port() + " is reached");
      // A look without it is not answered by one with it.
      assertThat(read(operator, "/api/platform/doctor").toString()).doesNotContain("network.");
      assertThat(operator.send("GET", "/api/platform/doctor?network=x", "").statusCode())
          .isEqualTo(422);
    }
  }

  private static JsonNode read(TestPerson person, String path) throws Exception {
    HttpResponse<String> answer = person.send("GET", path, "");
    assertThat(answer.statusCode()).as(path + answer.body()).isEqualTo(200);
    return TestPerson.JSON.readTree(answer.body());
  }
}
