package dev.gatewright.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LettersTest {
  @Test
  void a_code_stands_alone_on_a_line_and_not_in_the_subject() {
    Letter letter = Letters.code(Letterbox.TO, "7K3MPQ2X", "gate.test", "Firefox on Linux", 10);
    assertThat(letter.body().lines()).contains("7K3MPQ2X");
    assertThat(letter.body()).contains("gate.test", "Firefox on Linux", "ana@x.test", "10 minutes");
    assertThat(letter.subject()).isEqualTo("Your sign-in code for gate.test");
  }

  @Test
  void an_invitation_has_its_link_alone_on_a_line() {
    String link = "https://gate.test/console/invitation#" + "t".repeat(43);
    Letter letter =
        Letters.invitation(Letterbox.TO, "Ästhetik & Söhne", "developer", "gate.test", link, 7);
    assertThat(letter.body().lines()).contains(link);
    assertThat(letter.subject()).isEqualTo("You are invited to Ästhetik & Söhne");
  }

  @Test
  void chosen_names_lose_what_could_deceive() {
    assertThat(Letters.shown("a\r\nBcc: eve@x.test")).isEqualTo("aBcc: eve@x.test");
    assertThat(Letters.shown("win at https://evil.test")).isEqualTo("win at https: //evil.test");
    assertThat(Letters.shown("\u202Etset\u2069\u2028\u0000")).isEqualTo("tset");
    assertThat(Letters.shown("x".repeat(500))).hasSize(80);
    assertThat(Letters.shown("\t\n")).isEqualTo("(no name)");
    Letter notice =
        Letters.notice(Letterbox.TO, "%s\n%d", "Somebody joined.", "gate.test", "27 November 2026");
    assertThat(notice.body()).contains("\"%s%d\" at gate.test", "Somebody joined.");
  }

  @Test
  void control_characters_are_refused_and_not_shown() {
    for (String bad : new String[] {"a\r\nBcc: canary", "canary\u0000", "canary\u202e", "", " "}) {
      assertThatThrownBy(() -> new Letter(Letterbox.TO, bad, "body"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("canary");
    }
    assertThatThrownBy(() -> new Letter(Letterbox.TO, "subject", "canary\r\n.\r\n"))
        .hasMessageContaining("body: control characters");
  }
}
