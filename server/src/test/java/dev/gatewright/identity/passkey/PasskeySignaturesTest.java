package dev.gatewright.identity.passkey;

import static org.assertj.core.api.Assertions.assertThat;

import com.webauthn4j.data.attestation.authenticator.COSEKey;
import com.webauthn4j.data.attestation.authenticator.Curve;
import com.webauthn4j.data.attestation.authenticator.EC2COSEKey;
import com.webauthn4j.data.attestation.authenticator.RSACOSEKey;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.util.SignatureUtil;
import dev.gatewright.testbed.Wycheproof;
import dev.gatewright.testbed.Wycheproof.Vector;
import java.security.Signature;
import java.security.SignatureException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Signatures that break verifiers, for the two algorithms of passkeys, by what looks at
/// assertions: our own check of the form, the library's keys and verifier.
class PasskeySignaturesTest {
  @ParameterizedTest
  @CsvSource({"es256-der, 484", "rs256, 259"})
  void broken_ones_are_refused_and_good_ones_taken(String name, int count) throws Exception {
    List<Vector> vectors = Wycheproof.read(name);
    assertThat(vectors).hasSize(count);
    List<String> faults = new ArrayList<>();
    int good = 0;
    for (Vector vector : vectors) {
      boolean taken = taken(vector);
      good += taken ? 1 : 0;
      if (!vector.result().equals("acceptable") && taken != vector.result().equals("valid")) {
        faults.add(vector.number() + " " + vector.result());
      }
    }
    assertThat(faults).isEmpty();
    assertThat(good).isPositive();
  }

  private static boolean taken(Vector vector) throws Exception {
    COSEKey key = key(vector);
    if (key instanceof EC2COSEKey && !SignatureForm.plain(vector.signature())) {
      return false;
    }
    Signature verifier =
        SignatureUtil.createSignature(
            Objects.requireNonNull(key.getAlgorithm()).toSignatureAlgorithm());
    verifier.initVerify(key.getPublicKey());
    verifier.update(vector.message());
    try {
      return verifier.verify(vector.signature());
    } catch (SignatureException unreadable) {
      return false;
    }
  }

  private static COSEKey key(Vector vector) {
    if (vector.algorithm().equals("RS256")) {
      return new RSACOSEKey(
          null, COSEAlgorithmIdentifier.RS256, null, bytes(vector, "n"), bytes(vector, "e"));
    }
    return new EC2COSEKey(
        null,
        COSEAlgorithmIdentifier.ES256,
        null,
        Curve.SECP256R1,
        bytes(vector, "x"),
        bytes(vector, "y"));
  }

  private static byte[] bytes(Vector vector, String field) {
    return Base64.getUrlDecoder().decode(vector.key().path(field).asText());
  }
}
