package dev.gatewright.identity.passkey;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.exception.DataConversionException;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.authenticator.AttestedCredentialData;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.COSEKeyType;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.verifier.exception.VerificationException;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an authenticator's answer proves, by the library. Its exceptions quote challenges: nobody
/// gets to see them. Made at the first use, which takes a third of a second. Thread-safe.
final class Ceremony {
  private static final List<PublicKeyCredentialParameters> ALGORITHMS =
      List.of(
          new PublicKeyCredentialParameters(
              PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.ES256),
          new PublicKeyCredentialParameters(
              PublicKeyCredentialType.PUBLIC_KEY, COSEAlgorithmIdentifier.RS256));

  private final ObjectConverter converter = new ObjectConverter();
  private final WebAuthnManager manager = WebAuthnManager.createNonStrictWebAuthnManager(converter);
  private final AttestedCredentialDataConverter credentials =
      new AttestedCredentialDataConverter(converter);

  Ceremony() {
    // A counter that falls is a sign, no proof: who uses the passkey decides what follows.
    manager.getAuthenticationDataVerifier().setMaliciousCounterValueHandler(_ -> {});
  }

  /// What an answer must be for.
  ///
  /// @param challenge base64url
  record Expected(String challenge, Set<String> origins, String rpId) {
    ServerProperty property() {
      Set<Origin> allowed =
          origins.stream()
              .map(Origin::create)
              .collect(java.util.stream.Collectors.toUnmodifiableSet());
      return ServerProperty.builder()
          .origins(allowed)
          .rpId(rpId)
          .challenge(new DefaultChallenge(Base64.getUrlDecoder().decode(challenge)))
          .build();
    }
  }

  /// @param credentialId base64url
  /// @param data base64url
  record Registered(String credentialId, String data, long counter, boolean synced) {}

  /// @param json as the browser's `toJSON()` has it
  /// @return null when it is not good
  @Nullable Registered register(String json, Expected expected) {
    try {
      RegistrationData data =
          manager.verifyRegistrationResponseJSON(
              json, new RegistrationParameters(expected.property(), ALGORITHMS, true, true));
      var authenticator =
          Objects.requireNonNull(data.getAttestationObject()).getAuthenticatorData();
      AttestedCredentialData credential =
          Objects.requireNonNull(authenticator.getAttestedCredentialData());
      return new Registered(
          text(credential.getCredentialId()),
          text(credentials.convert(credential)),
          authenticator.getSignCount(),
          authenticator.isFlagBE());
    } catch (VerificationException
        | DataConversionException
        | IllegalArgumentException
        | NullPointerException bad) {
      return null;
    }
  }

  /// @param counter as the authenticator says now
  /// @param userHandle base64url; null = it names nobody
  record Proved(long counter, @Nullable String userHandle) {}

  /// @return null when it is not good
  @Nullable Proved prove(String json, Passkey passkey, Expected expected) {
    try {
      AuthenticationData data =
          manager.verifyAuthenticationResponseJSON(
              json,
              new AuthenticationParameters(expected.property(), record(passkey), null, true, true));
      boolean curve =
          record(passkey).getAttestedCredentialData().getCOSEKey().getKeyType() == COSEKeyType.EC2;
      if (curve && !SignatureForm.plain(Objects.requireNonNull(data.getSignature()))) {
        return null;
      }
      byte[] handle = data.getUserHandle();
      return new Proved(
          Objects.requireNonNull(data.getAuthenticatorData()).getSignCount(),
          handle == null ? null : text(handle));
    } catch (VerificationException
        | DataConversionException
        | IllegalArgumentException
        | NullPointerException bad) {
      return null;
    }
  }

  private CredentialRecordImpl record(Passkey passkey) {
    return new CredentialRecordImpl(
        new NoneAttestationStatement(),
        null,
        null,
        null,
        passkey.counter(),
        credentials.convert(Base64.getUrlDecoder().decode(passkey.data())),
        null,
        null,
        null,
        null);
  }

  private static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
