package dev.gatewright.bench;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;

/// Somebody whose tokens a gate takes in place of keys: one RSA key, told at `/keys`.
final class Issuer implements AutoCloseable {
  private static final String NAME = "https://idp.bench";
  private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

  private final KeyPair keys;
  private final HttpServer server;

  Issuer() throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      keys = generator.generateKeyPair();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("RSA is part of every JDK", missing);
    }
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    byte[] told = told().getBytes(StandardCharsets.US_ASCII);
    server.createContext(
        "/keys",
        exchange -> {
          exchange.sendResponseHeaders(200, told.length);
          exchange.getResponseBody().write(told);
          exchange.close();
        });
    server.start();
  }

  private String told() {
    RSAPublicKey key = (RSAPublicKey) keys.getPublic();
    return """
    {"keys":[{"kty":"RSA","kid":"b","use":"sig","alg":"RS256","n":"%s","e":"%s"}]}\
    """
        .formatted(number(key.getModulus()), number(key.getPublicExponent()));
  }

  private static String number(BigInteger number) {
    byte[] signed = number.toByteArray();
    int zero = signed[0] == 0 ? 1 : 0;
    return URL.encodeToString(Arrays.copyOfRange(signed, zero, signed.length));
  }

  /// Good for a day.
  String token() {
    long now = System.currentTimeMillis() / 1000;
    String signed =
        text("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"b\"}")
            + "."
            + text(
                "{\"iss\":\"%s\",\"aud\":\"gate\",\"sub\":\"bench\",\"iat\":%d,\"exp\":%d}"
                    .formatted(NAME, now, now + 86_400));
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + URL.encodeToString(signature.sign());
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("RSA is part of every JDK", missing);
    }
  }

  private static String text(String json) {
    return URL.encodeToString(json.getBytes(StandardCharsets.US_ASCII));
  }

  /// What a gate's settings say of it, with the rules that the other target's key has, and a site
  /// with an address rule of its own.
  String settings() {
    return """
    sites:
      - host: 127.0.0.1
        public-url: http://127.0.0.1
        ip: { allow: [127.0.0.0/8] }
        origins: [https://app.example]
    """
        + callers();
  }

  /// The same without a site.
  String callers() {
    return """
    auth:
      jwt:
        - issuer: %s
          jwks: http://127.0.0.1:%d/keys
          audience: gate
          rules:
            - { effect: allow, type: models, values: [gpt-4o-mini] }
            - { effect: allow, type: ip, values: [127.0.0.0/8] }
    """
        .formatted(NAME, server.getAddress().getPort());
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
