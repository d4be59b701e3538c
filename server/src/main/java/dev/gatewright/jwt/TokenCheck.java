package dev.gatewright.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyOperation;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import java.text.ParseException;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether a token is what its issuer signed for this gate, now (RFC 7515, 7519, 8725). Refuses
/// what a verifier could be talked into: no signature, a secret for a key, keys that come with the
/// token, extensions it does not know. Pure; costs up to half a millisecond, never on an event
/// loop.
final class TokenCheck {
  static final int CHARACTERS_MAX = 8 << 10;
  static final Duration LEEWAY = Duration.ofSeconds(30);

  private static final int SUBJECT_CHARACTERS_MAX = 255;
  private static final int RSA_BITS_MIN = 2048;
  private static final Set<String> TYPES = Set.of("jwt", "at+jwt", "application/at+jwt");

  /// A token in its parts; nothing of it is believed yet.
  ///
  /// @param keyId which key it says it was signed with
  record Parsed(JWSObject jwt, JWTClaimsSet claims, String issuer, String keyId) {}

  /// What looking at one came to.
  sealed interface Result {
    record Good(JWTClaimsSet claims, String subject, long expiresMillis) implements Result {}

    /// @param reason for the access log
    record Bad(String reason) implements Result {}
  }

  private TokenCheck() {}

  /// Null when it is no signed token, or one that names things no good token needs.
  static @Nullable Parsed parse(String text) {
    try {
      JWSObject signed = signed(text);
      if (signed == null) {
        return null;
      }
      JWTClaimsSet claims = JWTClaimsSet.parse(signed.getPayload().toJSONObject());
      String issuer = claims.getIssuer();
      String keyId = signed.getHeader().getKeyID();
      return issuer != null && keyId != null ? new Parsed(signed, claims, issuer, keyId) : null;
    } catch (ParseException | RuntimeException unreadable) {
      // The library throws unchecked exceptions for some texts; each is a token that is none.
      return null;
    }
  }

  /// Null when it is not what a good token could be, whatever its payload.
  static @Nullable JWSObject signed(String text) throws ParseException {
    if (text.length() > CHARACTERS_MAX || !plainForm(text)) {
      return null;
    }
    JWSObject signed = JWSObject.parse(text);
    JWSHeader header = signed.getHeader();
    JOSEObjectType type = header.getType();
    boolean plain =
        header.getCriticalParams() == null
            && header.isBase64URLEncodePayload()
            && header.getJWK() == null
            && header.getJWKURL() == null
            && header.getX509CertURL() == null
            && header.getX509CertChain() == null
            && (type == null || TYPES.contains(lower(type.getType())));
    return plain ? signed : null;
  }

  /// Three parts of base64url, each written in the one way there is: the library skips what is none
  /// of it, and bits behind the last byte, so that one token would have many forms.
  private static boolean plainForm(String text) {
    int dots = 0;
    int begin = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean digit =
          (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_';
      if (c == '.') {
        dots++;
        if (!whole(text, begin, i)) {
          return false;
        }
        begin = i + 1;
      } else if (!digit) {
        return false;
      }
    }
    return dots == 2 && whole(text, begin, text.length());
  }

  /// Whether a part is as long as bytes make it, and the bits that are left over are zero.
  private static boolean whole(String text, int begin, int end) {
    return switch ((end - begin) % 4) {
      case 0 -> true;
      case 2 -> "AQgw".indexOf(text.charAt(end - 1)) >= 0;
      case 3 -> "AEIMQUYcgkosw048".indexOf(text.charAt(end - 1)) >= 0;
      default -> false;
    };
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /// @param key the issuer's, of the token's `kid`
  static Result check(Parsed parsed, JwtIssuer issuer, JWK key, long nowMillis) {
    JWSObject jwt = parsed.jwt();
    if (!issuer.algorithms().contains(jwt.getHeader().getAlgorithm().getName())) {
      return new Result.Bad("jwt_algorithm");
    }
    Boolean good = goodSignature(jwt.getHeader(), jwt.getSigningInput(), jwt.getSignature(), key);
    if (good == null) {
      return new Result.Bad("jwt_key");
    }
    return good ? claims(parsed.claims(), issuer, nowMillis) : new Result.Bad("jwt_signature");
  }

  /// Whether a key made a signature; null when it is none for such signatures.
  static @Nullable Boolean goodSignature(
      JWSHeader header, byte[] signed, Base64URL signature, JWK key) {
    try {
      JWSVerifier verifier = verifier(header, key);
      return verifier == null ? null : (Boolean) verifier.verify(header, signed, signature);
    } catch (JOSEException | RuntimeException unfit) {
      return false;
    }
  }

  /// For what the key is, never for what the token says it is: null where the two differ.
  private static @Nullable JWSVerifier verifier(JWSHeader header, JWK key) throws JOSEException {
    boolean forSignatures =
        (key.getKeyUse() == null || key.getKeyUse().equals(KeyUse.SIGNATURE))
            && (key.getKeyOperations() == null
                || key.getKeyOperations().contains(KeyOperation.VERIFY));
    boolean same = key.getAlgorithm() == null || key.getAlgorithm().equals(header.getAlgorithm());
    if (!forSignatures || !same) {
      return null;
    }
    JWSVerifier verifier =
        switch (key) {
          case RSAKey rsa when rsa.size() >= RSA_BITS_MIN ->
              new RSASSAVerifier(rsa.toRSAPublicKey());
          case ECKey curve -> new ECDSAVerifier(curve.toECPublicKey());
          default -> null;
        };
    return verifier != null && verifier.supportedJWSAlgorithms().contains(header.getAlgorithm())
        ? verifier
        : null;
  }

  private static Result claims(JWTClaimsSet claims, JwtIssuer issuer, long nowMillis) {
    String subject = claims.getSubject();
    Long expires = millis(claims.getExpirationTime());
    Long from = millis(claims.getNotBeforeTime());
    Long issued = millis(claims.getIssueTime());
    long leeway = LEEWAY.toMillis();
    List<String> audience = claims.getAudience();
    if (!issuer.issuer().equals(claims.getIssuer())) {
      return new Result.Bad("jwt_issuer");
    }
    if (audience.stream().noneMatch(issuer.audiences()::contains)) {
      return new Result.Bad("jwt_audience");
    }
    if (expires == null || nowMillis - leeway >= expires) {
      return new Result.Bad("jwt_expired");
    }
    if ((from != null && nowMillis + leeway < from)
        || (issued != null && nowMillis + leeway < issued)) {
      return new Result.Bad("jwt_not_yet");
    }
    return printable(subject)
        ? new Result.Good(claims, subject, expires)
        : new Result.Bad("jwt_subject");
  }

  private static @Nullable Long millis(@Nullable Date moment) {
    return moment == null ? null : moment.toInstant().toEpochMilli();
  }

  /// It stands on rows and in logs.
  static boolean printable(@Nullable String text) {
    return text != null
        && !text.isBlank()
        && text.length() <= SUBJECT_CHARACTERS_MAX
        && text.chars().noneMatch(c -> c < ' ' || c == 0x7f || (c >= 0x80 && c < 0xa0));
  }
}
