package dev.gatewright.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.CBORGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/// An authenticator with one ES256 passkey, as WebAuthn Level 2 has it: what a browser's `toJSON()`
/// would give. Not thread-safe.
final class SoftPasskey {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CBORFactory CBOR = new CBORFactory();
  private static final int PRESENT = 1;
  private static final int VERIFIED = 4;
  private static final int ELIGIBLE = 8;
  private static final int ATTESTED = 0x40;

  private final byte[] id = new byte[16];
  private final KeyPair keys;
  private String userHandle = "";

  /// What it says, and what tests bend.
  boolean verified = true;

  boolean synced;
  long counter = 1;

  SoftPasskey() throws GeneralSecurityException {
    new SecureRandom().nextBytes(id);
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    keys = generator.generateKeyPair();
  }

  static String text(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /// Answers `PublicKeyCredentialCreationOptions`.
  ObjectNode create(JsonNode options, String origin) throws Exception {
    userHandle = options.at("/user/id").asText();
    ByteArrayOutputStream attested = new ByteArrayOutputStream();
    attested.write(new byte[16]);
    attested.write(ByteBuffer.allocate(2).putShort((short) id.length).array());
    attested.write(id);
    attested.write(publicKey());
    byte[] data = data(options.at("/rp/id").asText(), ATTESTED, attested.toByteArray());
    ByteArrayOutputStream object = new ByteArrayOutputStream();
    try (CBORGenerator out = CBOR.createGenerator(object)) {
      out.writeStartObject(3);
      out.writeStringField("fmt", "none");
      out.writeFieldName("attStmt");
      out.writeStartObject(0);
      out.writeEndObject();
      out.writeFieldName("authData");
      out.writeBinary(data);
      out.writeEndObject();
    }
    ObjectNode answer = answer();
    ObjectNode response = answer.putObject("response");
    response.put("clientDataJSON", text(client("webauthn.create", options, origin)));
    response.put("attestationObject", text(object.toByteArray()));
    response.putArray("transports").add("internal");
    return answer;
  }

  /// Answers `PublicKeyCredentialRequestOptions`.
  ObjectNode get(JsonNode options, String origin) throws Exception {
    counter++;
    byte[] data = data(options.path("rpId").asText(), 0, new byte[0]);
    byte[] client = client("webauthn.get", options, origin);
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(keys.getPrivate());
    signature.update(data);
    signature.update(MessageDigest.getInstance("SHA-256").digest(client));
    ObjectNode answer = answer();
    ObjectNode response = answer.putObject("response");
    response.put("clientDataJSON", text(client));
    response.put("authenticatorData", text(data));
    response.put("signature", text(signature.sign()));
    response.put("userHandle", userHandle);
    return answer;
  }

  private ObjectNode answer() {
    ObjectNode answer = JSON.createObjectNode();
    answer.put("id", text(id)).put("rawId", text(id)).put("type", "public-key");
    answer.putObject("clientExtensionResults");
    return answer;
  }

  private static byte[] client(String type, JsonNode options, String origin) {
    return JSON.createObjectNode()
        .put("type", type)
        .put("challenge", options.path("challenge").asText())
        .put("origin", origin)
        .put("crossOrigin", false)
        .toString()
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] data(String rpId, int flags, byte[] more) throws Exception {
    int all = flags | PRESENT | (verified ? VERIFIED : 0) | (synced ? ELIGIBLE : 0);
    ByteArrayOutputStream data = new ByteArrayOutputStream();
    data.write(MessageDigest.getInstance("SHA-256").digest(rpId.getBytes(StandardCharsets.UTF_8)));
    data.write(all);
    data.write(ByteBuffer.allocate(4).putInt((int) counter).array());
    data.write(more);
    return data.toByteArray();
  }

  /// COSE (RFC 9053 §7.1.1).
  private byte[] publicKey() throws IOException {
    ECPublicKey key = (ECPublicKey) keys.getPublic();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (CBORGenerator out = CBOR.createGenerator(bytes)) {
      out.writeStartObject(5);
      out.writeFieldId(1);
      out.writeNumber(2);
      out.writeFieldId(3);
      out.writeNumber(-7);
      out.writeFieldId(-1);
      out.writeNumber(1);
      out.writeFieldId(-2);
      out.writeBinary(coordinate(key.getW().getAffineX()));
      out.writeFieldId(-3);
      out.writeBinary(coordinate(key.getW().getAffineY()));
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static byte[] coordinate(BigInteger number) {
    byte[] signed = number.toByteArray();
    byte[] plain = new byte[32];
    int length = Math.min(32, signed.length);
    System.arraycopy(signed, signed.length - length, plain, 32 - length, length);
    return plain;
  }
}
