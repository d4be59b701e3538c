package dev.gatewright.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.opts.AllowWeakRSAKey;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.gatewright.config.ConfigSources;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a token's check lets by, against attacks on signatures and a great many forgeries.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TokenCheckTest {
  private static final long NOW = 1_700_000_000_000L;
  private static final String DIGITS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();
  private static final JwtIssuer ISSUER =
      JwtConfig.from(
              ConfigSources.ofText(
                      """
                      auth:
                        jwt:
                          - issuer: https://idp.example
                            jwks: https://idp.example/keys
                            audience: gate
                            algorithms: [RS256, PS256, ES256, ES384, ES512]
                      """)
                  .load())
          .issuers()
          .getFirst();

  private ECKey curve;
  private RSAKey rsa;

  @BeforeAll
  void keys() throws JOSEException {
    curve = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
    rsa = new RSAKeyGenerator(2048).keyID("k").generate();
  }

  private static String signed(JWK key, JWSAlgorithm algorithm) throws JOSEException {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer("https://idp.example")
            .audience("gate")
            .subject("ana")
            .expirationTime(Date.from(Instant.ofEpochMilli(NOW + 60_000)))
            .build();
    SignedJWT jwt = new SignedJWT(new JWSHeader.Builder(algorithm).keyID("k").build(), claims);
    jwt.sign(key instanceof RSAKey r ? new RSASSASigner(r) : new ECDSASigner((ECKey) key));
    return jwt.serialize();
  }

  private static boolean good(String token, JWK key) {
    TokenCheck.Parsed parsed = TokenCheck.parse(token);
    return parsed != null
        && TokenCheck.check(parsed, ISSUER, key.toPublicJWK(), NOW)
            instanceof TokenCheck.Result.Good;
  }

  private static String with(String token, int part, String text) {
    String[] parts = token.split("\\.", -1);
    parts[part] = text;
    return String.join(".", parts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "PS256", "ES256"})
  void signatures_are_verified_by_the_key_s_own_kind(String name) throws JOSEException {
    JWSAlgorithm algorithm = JWSAlgorithm.parse(name);
    JWK key = name.startsWith("ES") ? curve : rsa;
    JWK other = name.startsWith("ES") ? rsa : curve;
    String token = signed(key, algorithm);
    assertThat(good(token, key)).isTrue();
    assertThat(good(token, other)).isFalse();
    String[] parts = token.split("\\.", -1);
    byte[] signature = Base64.getUrlDecoder().decode(parts[2]);
    for (String broken :
        List.of(
            with(token, 2, ""),
            parts[0] + "." + parts[1],
            with(token, 1, ""),
            with(token, 1, parts[1].substring(1)),
            with(token, 0, ""),
            token + ".",
            token + ".foo",
            "." + token,
            token + "=",
            token + " ",
            with(token, 1, parts[1] + "!"),
            "",
            "..",
            with(token, 2, URL.encodeToString(new byte[signature.length])),
            with(token, 2, URL.encodeToString(ones(signature.length))),
            with(token, 2, URL.encodeToString(new byte[signature.length + 1])),
            with(token, 2, parts[2] + "AA"),
            "{\"payload\":\"%s\",\"protected\":\"%s\",\"signature\":\"%s\"}"
                .formatted(parts[1], parts[0], parts[2]))) {
      assertThat(good(broken, key)).as(broken).isFalse();
    }
  }

  private static byte[] ones(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 0xff);
    return bytes;
  }

  @Test
  void ec_signatures_of_zero_and_of_the_order_are_none() throws JOSEException {
    String token = signed(curve, JWSAlgorithm.ES256);
    byte[] order = Curve.P_256.toECParameterSpec().getOrder().toByteArray();
    byte[] both = new byte[64];
    System.arraycopy(order, order.length - 32, both, 0, 32);
    System.arraycopy(order, order.length - 32, both, 32, 32);
    assertThat(good(with(token, 2, URL.encodeToString(both)), curve)).isFalse();
    assertThat(good(with(token, 2, URL.encodeToString(new byte[64])), curve)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"alg\":\"none\",\"kid\":\"k\"}",
        "{\"alg\":\"None\",\"kid\":\"k\"}",
        "{\"alg\":\"HS256\",\"kid\":\"k\"}",
        "{\"alg\":\"ES384\",\"kid\":\"k\"}",
        "{\"alg\":\"ES256\",\"kid\":\"k\",\"crit\":[\"exp\"]}",
        "{\"alg\":\"ES256\",\"kid\":\"k\",\"crit\":[]}",
        "{\"alg\":\"ES256\",\"kid\":\"k\",\"b64\":false}",
        "{\"alg\":\"ES256\",\"kid\":\"k\",\"jku\":\"https://evil.example\"}",
        "{\"alg\":\"ES256\",\"kid\":\"k\",\"x5u\":\"https://evil.example\"}",
        "{\"alg\":\"ES256\",\"kid\":\"k\",\"typ\":\"dpop+jwt\"}",
        "{\"alg\":\"ES256\",\"alg\":\"none\",\"kid\":\"k\"}",
        "{\"alg\":\"ES256\"}",
        "{\"kid\":\"k\"}",
        "[]",
        "null",
        "7"
      })
  void heads_that_ask_for_more_are_refused(String head) throws JOSEException {
    assertThat(good(withHead(head), curve)).isFalse();
    assertThat(good(withHead("{\"alg\":\"ES256\",\"kid\":\"k\"}"), curve)).isTrue();
  }

  /// Signed over this very head by the true key, so that nothing but the head is at fault.
  private String withHead(String head) throws JOSEException {
    String signing =
        URL.encodeToString(head.getBytes(StandardCharsets.UTF_8))
            + "."
            + signed(curve, JWSAlgorithm.ES256).split("\\.", -1)[1];
    return signing + "." + raw(signing);
  }

  private String raw(String text) throws JOSEException {
    return new ECDSASigner(curve)
        .sign(new JWSHeader(JWSAlgorithm.ES256), text.getBytes(StandardCharsets.US_ASCII))
        .toString();
  }

  @Test
  void small_rsa_keys_sign_nothing() throws JOSEException {
    RSAKey small = new RSAKeyGenerator(1024, true).keyID("k").generate();
    JWTClaimsSet claims = new JWTClaimsSet.Builder().subject("a").build();
    SignedJWT jwt =
        new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("k").build(), claims);
    jwt.sign(new RSASSASigner(small.toRSAPrivateKey(), Set.of(AllowWeakRSAKey.getInstance())));
    assertThat(good(jwt.serialize(), small)).isFalse();
  }

  @Test
  void forged_tokens_are_never_good() throws JOSEException {
    forge(10_000);
  }

  @Test
  @Tag("long")
  void a_million_forged_tokens_are_never_good() throws JOSEException {
    forge(1_000_000);
  }

  /// Each a good token with a few characters replaced, parts of two tokens swapped, or cut.
  private void forge(int count) throws JOSEException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    String one = signed(curve, JWSAlgorithm.ES256);
    String two = signed(rsa, JWSAlgorithm.RS256);
    for (int i = 0; i < count; i++) {
      String token = forged(random, one, two);
      boolean same = token.equals(one);
      assertThat(good(token, curve)).as("seed %d: %s", seed, token).isEqualTo(same);
    }
  }

  private static String forged(Random random, String one, String two) {
    return switch (random.nextInt(4)) {
      case 0 -> {
        int part = random.nextInt(3);
        yield with(one, part, two.split("\\.", -1)[part]);
      }
      case 1 -> one.substring(0, random.nextInt(one.length()));
      default -> {
        StringBuilder text = new StringBuilder(one);
        // Also the last character of a part, which may have bits that no byte takes.
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
          int at = random.nextInt(one.length());
          if (text.charAt(at) != '.') {
            text.setCharAt(at, DIGITS.charAt(random.nextInt(DIGITS.length())));
          }
        }
        yield text.toString();
      }
    };
  }
}
