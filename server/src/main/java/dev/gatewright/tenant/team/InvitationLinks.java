package dev.gatewright.tenant.team;

import dev.gatewright.secret.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/// The links by which invitations are taken up. A link's token, 256 bits, is made of the
/// invitation's id and a key of this gate whenever it is needed (for the answer, for the mail), and
/// kept nowhere; the table has its SHA-256, which is of no use to whoever reads it there.
/// Thread-safe.
public final class InvitationLinks {
  private static final String ALGORITHM = "HmacSHA256";
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

  private final SecretKey key;
  private final Supplier<String> console;

  /// @param key of this purpose alone
  /// @param console where people reach this gate, without a final slash: never what a caller said
  public InvitationLinks(SecretKey key, Supplier<String> console) {
    this.key = key;
    this.console = console;
  }

  Secret token(String invitationId) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] token = mac.doFinal(invitationId.getBytes(StandardCharsets.UTF_8));
      return Secret.of(ENCODER.encodeToString(token));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(ALGORITHM + " is part of every JDK", missing);
    }
  }

  /// The token stands behind the `#`: a browser sends it to no server by itself.
  String link(String invitationId) {
    return console.get() + "/console/invitation#" + token(invitationId).expose();
  }

  /// A token as it stands in the table.
  static String mac(Secret token) {
    try {
      return ENCODER.encodeToString(
          MessageDigest.getInstance("SHA-256")
              .digest(token.expose().getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("SHA-256 is part of every JDK", missing);
    }
  }

  /// Host and port of this gate, as mails name it.
  String site() {
    String authority = URI.create(console.get()).getAuthority();
    return authority == null ? console.get() : authority;
  }
}
