package dev.gatewright.testbed;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Somebody who issues tokens: a key set over HTTP that can change, vanish, and counts who asks.
public final class FakeIssuer implements AutoCloseable {
  public static final String ISSUER = "https://idp.example";
  public static final String AUDIENCE = "gate";

  private static final RSAKey RSA = rsa("r1");

  private final HttpServer server;
  private final AtomicInteger fetches = new AtomicInteger();
  private final List<JWK> published = new ArrayList<>();
  private final ECKey curve = ec("e1");
  private volatile boolean away;

  private FakeIssuer(HttpServer server) {
    this.server = server;
    published.add(RSA);
    published.add(curve);
  }

  public static FakeIssuer start() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    FakeIssuer issuer = new FakeIssuer(server);
    server.createContext(
        "/keys",
        exchange -> {
          issuer.fetches.incrementAndGet();
          byte[] body = issuer.keys().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(issuer.away ? 500 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return issuer;
  }

  private synchronized String keys() {
    return new JWKSet(published).toString(true);
  }

  /// @param more further lines of the entry
  public String setting(String more) {
    return """
    auth:
      jwt:
        - issuer: %s
          jwks: http://127.0.0.1:%d/keys
          audience: %s
    %s
    """
        .formatted(ISSUER, server.getAddress().getPort(), AUDIENCE, more.indent(6));
  }

  public int fetches() {
    return fetches.get();
  }

  void away(boolean now) {
    away = now;
  }

  synchronized void publish(JWK key) {
    published.add(key);
  }

  synchronized void withdraw(JWK key) {
    published.remove(key);
  }

  RSAKey rsa() {
    return RSA;
  }

  ECKey curve() {
    return curve;
  }

  static RSAKey rsa(String id) {
    try {
      return new RSAKeyGenerator(2048).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static ECKey ec(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Claims that are good for ten minutes.
  static JWTClaimsSet.Builder claims(String subject, Instant now) {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(AUDIENCE)
        .subject(subject)
        .issueTime(Date.from(now))
        .expirationTime(Date.from(now.plus(Duration.ofMinutes(10))));
  }

  /// Signed with the curve's key.
  String token(JWTClaimsSet claims) {
    return sign(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(curve.getKeyID()), curve, claims);
  }

  /// With one more claim.
  public String token(String subject, String claim, String value) {
    return token(claims(subject, Instant.now()).claim(claim, value).build());
  }

  public String token(String subject) {
    return token(claims(subject, Instant.now()).build());
  }

  static String sign(JWSHeader.Builder header, JWK key, JWTClaimsSet claims) {
    try {
      SignedJWT jwt = new SignedJWT(header.build(), claims);
      jwt.sign(key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner((ECKey) key));
      return jwt.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
