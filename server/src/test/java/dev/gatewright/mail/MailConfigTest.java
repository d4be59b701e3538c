package dev.gatewright.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatewright.config.ConfigSources;
import dev.gatewright.config.Settings;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MailConfigTest {
  private static MailConfig read(String mail) {
    return Objects.requireNonNull(
        MailConfig.from(ConfigSources.ofText("mail: { %s }\n".formatted(mail)).load()));
  }

  @Test
  void nothing_set_is_no_mail() {
    assertThat(MailConfig.from(ConfigSources.ofText("planes: both\n").load())).isNull();
  }

  @Test
  void starttls_is_the_default_and_the_port_follows_tls() {
    MailConfig mail = read("smtp: 'smtp://mail.test', from: gate@x.test");
    assertThat(mail.tls()).isEqualTo(MailTls.STARTTLS);
    assertThat(mail.port()).isEqualTo(587);
    assertThat(read("smtp: 'smtp://mail.test', from: g@x.test, tls: implicit").port())
        .isEqualTo(465);
    assertThat(read("smtp: 'smtp://[::1]:2525', from: g@x.test, tls: none").host())
        .isEqualTo("::1");
  }

  @Test
  void what_does_not_fit_is_named_and_a_password_is_not_shown() {
    String good = "smtp: 'smtp://mail.test', from: g@x.test";
    Map<String, String> wrong =
        Map.of(
            "from: g@x.test",
            "mail.smtp: missing",
            "smtp: 'smtp://mail.test'",
            "mail.from: missing",
            "smtp: 'smtp://mail.test', from: 'Gate <g@x.test>'",
            "mail.from: Gate <g@x.test>",
            good + ", tls: maybe",
            "mail.tls: maybe (expected: starttls or implicit or none)",
            good + ", user: u",
            "mail.password: missing",
            good + ", password: canary",
            "mail.user: missing",
            "smtp: 'https://mail.test', from: g@x.test",
            "mail.smtp: not usable",
            "smtp: 'smtp://u:canary@mail.test', from: g@x.test",
            "mail.smtp: not usable",
            "smtp: 'smtp://8.8.8.8', from: g@x.test, tls: none",
            "mail.tls: none",
            "smtp: 'smtp://169.254.1.1', from: g@x.test, tls: none",
            "mail.tls: none");
    wrong.forEach((mail, message) ->
        assertThatThrownBy(() -> read(mail))
            .as(mail)
            .isInstanceOf(Settings.InvalidSetting.class)
            .hasMessageStartingWith(message)
            .hasMessageNotContaining("canary"));
  }
}
