package dev.gatewright.identity.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseMode;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenValidator;
import dev.gatewright.relay.fetch.Fetch;
import dev.gatewright.secret.Secret;
import dev.gatewright.telemetry.Time;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An identity provider, as it describes itself: read when it is first needed, and anew after an
/// hour. Signatures are asymmetric, of algorithms fixed here. Blocks; thread-safe.
final class OidcProvider {
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private static final Duration DOCUMENT_AGE_MAX = Duration.ofHours(1);
  private static final long KEYS_MILLIS = Duration.ofMinutes(5).toMillis();
  private static final long KEYS_WAIT_MILLIS = Duration.ofSeconds(10).toMillis();
  private static final long UNKNOWN_KEY_MILLIS = Duration.ofSeconds(30).toMillis();
  private static final long OUTAGE_MILLIS = Duration.ofHours(4).toMillis();

  private final OidcConfig config;
  private final OidcHttp http;
  private final Time time;
  private volatile @Nullable Known known;

  OidcProvider(OidcConfig config, Fetch fetch, Time time) {
    this.config = config;
    this.http = new OidcHttp(fetch, config);
    this.time = time;
  }

  OidcConfig config() {
    return config;
  }

  private record Known(
      OIDCProviderMetadata document, JWKSource<SecurityContext> keys, long readNanos) {}

  private Known known() throws OidcFault {
    Known now = known;
    if (now != null && time.nanos() - now.readNanos < DOCUMENT_AGE_MAX.toNanos()) {
      return now;
    }
    try {
      Known read = read();
      known = read;
      return read;
    } catch (IOException | ParseException | IllegalArgumentException away) {
      if (now != null) {
        return now;
      }
      throw new OidcFault("its document: " + away.getMessage());
    }
  }

  private Known read() throws IOException, ParseException, OidcFault {
    String base = config.issuer().replaceAll("/$", "");
    OIDCProviderMetadata document =
        OIDCProviderMetadata.parse(
            http.get(URI.create(base + "/.well-known/openid-configuration")));
    if (!document.getIssuer().getValue().equals(config.issuer())) {
      throw new OidcFault(
          "its document is of %s (expected: %s)"
              .formatted(document.getIssuer().getValue(), config.issuer()));
    }
    URL keys = document.getJWKSetURI().toURL();
    return new Known(
        document,
        JWKSourceBuilder.create(keys, url -> http.resource(uri(url)))
            .cache(KEYS_MILLIS, KEYS_WAIT_MILLIS)
            .refreshAheadCache(false)
            .rateLimited(UNKNOWN_KEY_MILLIS)
            .retrying(true)
            .outageTolerant(OUTAGE_MILLIS)
            .build(),
        time.nanos());
  }

  private static URI uri(URL url) throws IOException {
    try {
      return url.toURI();
    } catch (URISyntaxException unreadable) {
      throw new IOException(unreadable);
    }
  }

  /// What one sign-in is bound to.
  ///
  /// @param redirect where the provider sends the browser back to
  record Bound(String state, String nonce, String verifier, URI redirect) {}

  /// Where the browser is sent.
  URI start(Bound bound) throws OidcFault {
    Known now = known();
    URI endpoint = now.document.getAuthorizationEndpointURI();
    if (endpoint == null || !OidcHttp.usable(endpoint)) {
      throw new OidcFault("no authorization endpoint over TLS");
    }
    return new AuthenticationRequest.Builder(
            ResponseType.CODE,
            new Scope("openid", "email", "profile"),
            new ClientID(config.clientId()),
            bound.redirect)
        .endpointURI(endpoint)
        .responseMode(ResponseMode.QUERY)
        .state(new State(bound.state))
        .nonce(new Nonce(bound.nonce))
        .codeChallenge(new CodeVerifier(bound.verifier), CodeChallengeMethod.S256)
        .build()
        .toURI();
  }

  /// Whether the parameter `iss` of an answer is this provider's (RFC 9207).
  boolean answers(@Nullable String iss) throws OidcFault {
    return iss == null
        ? !known().document.supportsAuthorizationResponseIssuerParam()
        : iss.equals(config.issuer());
  }

  /// Exchanges the code; checks what the provider says of whom.
  ///
  /// @throws OidcFault when it says nothing that can be believed
  IDTokenClaimsSet redeem(String code, Bound bound) throws OidcFault {
    Known now = known();
    AuthorizationCodeGrant grant =
        new AuthorizationCodeGrant(
            new AuthorizationCode(code), bound.redirect, new CodeVerifier(bound.verifier));
    ClientAuthentication client = authentication(now.document);
    URI endpoint = now.document.getTokenEndpointURI();
    TokenRequest.Builder request =
        client == null
            ? new TokenRequest.Builder(endpoint, new ClientID(config.clientId()), grant)
            : new TokenRequest.Builder(endpoint, client, grant);
    try {
      TokenResponse response =
          OIDCTokenResponseParser.parse(http.send(request.build().toHTTPRequest()));
      if (!(response instanceof OIDCTokenResponse tokens)) {
        throw new OidcFault(
            "its token endpoint: " + response.toErrorResponse().getErrorObject().getCode());
      }
      JWT token = tokens.getOIDCTokens().getIDToken();
      if (token == null) {
        throw new OidcFault("no ID token");
      }
      return new IDTokenValidator(
              new Issuer(config.issuer()), new ClientID(config.clientId()), selector(now), null)
          .validate(token, new Nonce(bound.nonce));
    } catch (IOException | ParseException | BadJOSEException | JOSEException bad) {
      throw new OidcFault("its token: " + bad.getMessage());
    }
  }

  private @Nullable ClientAuthentication authentication(OIDCProviderMetadata document) {
    Secret secret = config.clientSecret();
    if (secret == null) {
      return null;
    }
    ClientID id = new ClientID(config.clientId());
    var value = new com.nimbusds.oauth2.sdk.auth.Secret(secret.expose());
    List<ClientAuthenticationMethod> methods = document.getTokenEndpointAuthMethods();
    boolean basic =
        methods == null || methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC);
    return basic ? new ClientSecretBasic(id, value) : new ClientSecretPost(id, value);
  }

  /// @throws OidcFault when it is no logout token of this provider's
  LogoutTokenClaimsSet logout(String token) throws OidcFault {
    Known now = known();
    try {
      return new LogoutTokenValidator(
              new Issuer(config.issuer()),
              new ClientID(config.clientId()),
              false,
              selector(now),
              null)
          .validate(JWTParser.parse(token));
    } catch (java.text.ParseException | BadJOSEException | JOSEException bad) {
      throw new OidcFault("logout token: " + bad.getMessage());
    }
  }

  private static JWSKeySelector<SecurityContext> selector(Known now) {
    return new JWSVerificationKeySelector<>(ALGORITHMS, now.keys);
  }

  /// Where a browser ends its session at the provider; null = it has no such place.
  @Nullable URI end() throws OidcFault {
    URI end = known().document.getEndSessionEndpointURI();
    return end == null || !OidcHttp.usable(end) ? null : end;
  }
}
