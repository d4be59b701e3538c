package dev.gatewright.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EmailAddressTest {
  /// 8
  @Test
  void crlf_and_display_names_in_address_refused() {
    List<String> refused =
        List.of(
            "Ana <ana@x.test>",
            "<ana@x.test>",
            "ana@x.test (comment)",
            "(comment)ana@x.test",
            "ana@x.test\r\nBcc: eve@x.test",
            "ana\r\n@x.test",
            "ana@x.test\n",
            "ana@x.test\u0000",
            " ana@x.test",
            "ana@x.test,eve@x.test",
            "ana@x.test;eve@x.test",
            "\"ana eve\"@x.test",
            "ana@[127.0.0.1]",
            "ana@127.0.0.1",
            "ana@x",
            "ana@x.test.",
            "ana@.x.test",
            "ana@x..test",
            "ana@-x.test",
            "ana@x_y.test",
            "ana@@x.test",
            "ana@eve@x.test",
            "@x.test",
            "ana@",
            "ana",
            "",
            ".ana@x.test",
            "ana.@x.test",
            "an..a@x.test",
            "änä@x.test",
            "a".repeat(65) + "@x.test",
            "ana@" + "a".repeat(64) + ".test",
            "ana@" + "abcdefghi.".repeat(25) + "test");
    for (String text : refused) {
      assertThat(EmailAddress.parse(text)).as(text).isNull();
    }
  }

  @Test
  void plain_addresses_pass_and_their_key_keeps_dots_and_plus() {
    EmailAddress address = Objects.requireNonNull(EmailAddress.parse("Ana.B+gate@X.Example"));
    assertThat(address.text()).isEqualTo("Ana.B+gate@x.example");
    assertThat(address.key()).isEqualTo("ana.b+gate@x.example");
    assertThat(address.domain()).isEqualTo("x.example");
    assertThat(EmailAddress.parse("a".repeat(64) + "@x.test")).isNotNull();
    assertThat(EmailAddress.parse("o'neil!#$%&*/=?^_`{|}~-@x.test")).isNotNull();
    assertThat(EmailAddress.parse("ana@bücher.example"))
        .isEqualTo(EmailAddress.parse("ana@xn--bcher-kva.example"));
  }

  @Test
  void no_address_is_made_around_the_grammar() {
    assertThatThrownBy(() -> new EmailAddress("Ana <ana@x.test>"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
