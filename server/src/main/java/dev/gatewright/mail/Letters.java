package dev.gatewright.mail;

import java.util.stream.Collectors;

/// The texts of our mails. What people chose (names of organizations, of browsers) is shortened and
/// stripped of control characters; see [#shown].
public final class Letters {
  private static final int SHOWN_CHARACTERS_MAX = 80;

  private Letters() {}

  /// A sign-in code, alone on its line so that it can be marked with a double click. Not in the
  /// subject: subjects show on locked screens.
  ///
  /// @param site host name where it was asked for
  /// @param browser as people would call it: "Firefox on Linux"
  public static Letter code(
      EmailAddress to, String code, String site, String browser, int minutes) {
    return new Letter(
        to,
        "Your sign-in code for " + shown(site),
        """
        Somebody wants to sign in to %1$s as %2$s, with %3$s.

        If that is you, type this code into that browser:

        %4$s

        It works once, in that browser alone, for %5$d minutes. Type it nowhere
        but at %1$s. If it was not you, do nothing: without the code nobody
        gets in.
        """
            .formatted(shown(site), to, shown(browser), code, minutes));
  }

  /// An invitation to an organization.
  ///
  /// @param role `developer`, as it is called in the product
  /// @param link carries the token; made when this is sent
  public static Letter invitation(
      EmailAddress to, String organization, String role, String site, String link, int days) {
    return new Letter(
        to,
        "You are invited to " + shown(organization),
        """
        You are invited to the organization "%s" at %s, as %s.

        To join, open this link and sign in with this address:

        %s

        It is valid for %d days. If you did not expect this, do nothing.
        """
            .formatted(shown(organization), shown(site), shown(role), link, days));
  }

  /// Something owners should know, done by somebody else or in their name.
  ///
  /// @param event one sentence: "Your ownership was given to usr_…."
  public static Letter notice(
      EmailAddress to, String organization, String event, String site, String when) {
    return new Letter(
        to,
        "A change in " + shown(organization),
        """
        In the organization "%s" at %s, on %s:

        %s

        The audit log of the organization has the details. If this should not
        have happened, sign in and look there first.
        """
            .formatted(shown(organization), shown(site), when, event));
  }

  /// A chosen text as it may stand in a mail: no control characters, nothing that turns the
  /// direction of writing, no `:` followed by `//` that mail programs would make a link of, at most
  /// 80 characters.
  static String shown(String chosen) {
    String plain =
        chosen
            .codePoints()
            .filter(Letter::plain)
            .limit(SHOWN_CHARACTERS_MAX)
            .mapToObj(Character::toString)
            .collect(Collectors.joining())
            .replace("://", ": //")
            .strip();
    return plain.isEmpty() ? "(no name)" : plain;
  }
}
