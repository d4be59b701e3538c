package dev.gatewright.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatewright.Gatewright;
import dev.gatewright.config.ConfigSources;
import dev.gatewright.telemetry.Time;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an organization has one of is changed by who saw what it is now.
class SettingTagsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/usage/retention | {\"retention_days\":30} | {\"retention_days\":null}",
        "/api/billing/auto-topup | {} | {}"
      })
  void setting_thatHasChangedSince_isNotOverwritten(
      String path, String first, String second, @TempDir Path folder) throws Exception {
    ConfigSources config =
        ConfigSources.ofText(
                """
                listen: { port: 0 }
                metrics: { port: 0 }
                payments: { stripe: { key: sk_test_0123456789abcdef0123456789abcdef, webhook-secret: whsec_0123456789abcdef0123456789abcdef } }
                """)
            .withFlag("data", folder.toString());
    try (Gatewright _ = Gatewright.start(config, Time.system())) {
      AdminClient admin = AdminClient.of(folder);
      String seen = tag(admin.send("GET", path, ""));
      HttpResponse<String> changed = admin.send("PUT", path, first, "if-match", seen);
      assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
      assertThat(tag(changed)).isNotEqualTo(seen).isEqualTo(tag(admin.send("GET", path, "")));
      HttpResponse<String> late = admin.send("PUT", path, second, "if-match", seen);
      assertThat(late.statusCode()).as(late.body()).isEqualTo(412);
      assertThat(admin.send("GET", path, "").body()).isEqualTo(changed.body());
      assertThat(admin.send("PUT", path, second, "if-match", tag(changed)).statusCode())
          .isEqualTo(200);
      assertThat(admin.send("PUT", path, first).statusCode())
          .as("whatever is there")
          .isEqualTo(200);
    }
  }

  private static String tag(HttpResponse<String> answer) {
    return answer.headers().firstValue("etag").orElseThrow();
  }
}
