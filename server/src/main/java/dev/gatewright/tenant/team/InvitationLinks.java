package dev.gatewright.tenant.team;

import dev.gatewright.edge.site.Consoles;
import dev.gatewright.secret.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
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
  private final Consoles consoles;

  /// @param key of this purpose alone
  /// @param consoles where people reach this gate: never what a caller said
  public InvitationLinks(SecretKey key, Consoles consoles) {
    this.key = key;
    this.consoles = consoles;
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
  ///
  /// @param site the host at which somebody invites
  String link(String site, String invitationId) {
    return consoles.url(site) + "/console/invitation#" + token(invitationId).expose();
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

  /// A site, as mails name it.
  String called(String site) {
    return consoles.called(site);
  }
}
