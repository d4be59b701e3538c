package dev.gatewright.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import dev.gatewright.testbed.Wycheproof;
import dev.gatewright.testbed.Wycheproof.Vector;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Signatures that break verifiers, for each algorithm of tokens, through the check that tokens go
/// through.
class WycheproofTest {
  /// Their keys say another algorithm than the one they are used with, or one there is not; a key
  /// of ours is for what it says.
  private static final Set<String> KEY_SAYS_ANOTHER = Set.of("Figure20", "Figure27");

  @ParameterizedTest
  @CsvSource({
    "es256, 262",
    "es384, 280",
    "es512, 318",
    "rs256, 259",
    "rs384, 80",
    "rs512, 80",
    "ps256, 108",
    "ps384, 80",
    "ps512, 60"
  })
  void signatures(String name, int count) throws Exception {
    List<Vector> vectors = Wycheproof.read(name);
    assertThat(vectors).hasSize(count);
    List<String> faults = new ArrayList<>();
    int good = 0;
    for (Vector vector : vectors) {
      JWSHeader header = new JWSHeader(JWSAlgorithm.parse(vector.algorithm()));
      JWK key = JWK.parse(vector.key().toString());
      Boolean taken =
          TokenCheck.goodSignature(
              header, vector.message(), Base64URL.encode(vector.signature()), key);
      boolean passes = Objects.requireNonNull(taken, () -> "the key of " + vector.number());
      good += passes ? 1 : 0;
      if (!vector.result().equals("acceptable") && passes != vector.result().equals("valid")) {
        faults.add(vector.number() + " " + vector.result());
      }
    }
    assertThat(faults).isEmpty();
    assertThat(good).isPositive();
  }

  @Test
  void texts() throws Exception {
    List<String> faults = new ArrayList<>();
    int good = 0;
    for (Vector vector : Wycheproof.read("jws")) {
      boolean symmetric = vector.key().path("kty").asText().equals("oct");
      boolean expected =
          vector.result().equals("valid")
              && !symmetric
              && !KEY_SAYS_ANOTHER.contains(vector.first());
      boolean taken = taken(vector);
      good += taken ? 1 : 0;
      if (taken != expected && !vector.result().equals("acceptable")) {
        faults.add(vector.number() + " " + vector.result() + " " + vector.first());
      }
    }
    assertThat(faults).isEmpty();
    assertThat(good).isGreaterThan(20);
  }

  private static boolean taken(Vector vector) {
    try {
      JWSObject signed = TokenCheck.signed(vector.second());
      return signed != null
          && Boolean.TRUE.equals(
              TokenCheck.goodSignature(
                  signed.getHeader(),
                  signed.getSigningInput(),
                  signed.getSignature(),
                  JWK.parse(vector.key().toString())));
    } catch (ParseException | RuntimeException unreadable) {
      return false;
    }
  }
}
