package dev.gatewright.jwt;

import com.nimbusds.jose.JWSAlgorithm;
import dev.gatewright.config.Settings;
import dev.gatewright.config.Settings.InvalidSetting;
import dev.gatewright.edge.Refusal;
import dev.gatewright.net.IpLiteral;
import dev.gatewright.policy.Rule;
import dev.gatewright.policy.RuleText;
import dev.gatewright.relay.BaseUrl;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One entry of the setting `auth.jwt`: whose tokens are taken, and for whom their holders call.
///
/// @param issuer as it stands in `iss`, byte for byte
/// @param jwks where its keys are
/// @param audiences one of them has to stand in `aud`: a token for another application is none for
///   this gate
/// @param algorithms asymmetric ones only: with these a key that everybody may know signs nothing
/// @param organization `org_…`; null = the gate's first
/// @param project `prj_…`; null = the organization's first
/// @param rules they hold for each of its callers, as a key's own do for the key
public record JwtIssuer(
    String issuer,
    BaseUrl jwks,
    List<String> audiences,
    Set<String> algorithms,
    @Nullable String organization,
    @Nullable String project,
    Claims claims,
    List<Rule> rules) {
  static final int ISSUER_CHARACTERS_MAX = 200;

  /// Those the JDK verifies by itself.
  private static final Set<String> KNOWN =
      Set.of(
          JWSAlgorithm.RS256.getName(),
          JWSAlgorithm.RS384.getName(),
          JWSAlgorithm.RS512.getName(),
          JWSAlgorithm.PS256.getName(),
          JWSAlgorithm.PS384.getName(),
          JWSAlgorithm.PS512.getName(),
          JWSAlgorithm.ES256.getName(),
          JWSAlgorithm.ES384.getName(),
          JWSAlgorithm.ES512.getName());

  /// Which claims say what; null = none does.
  ///
  /// @param user whom the caller calls for, in a word
  /// @param organization `org_…`, for an issuer that serves several
  /// @param project `prj_…`
  public record Claims(String user, @Nullable String organization, @Nullable String project) {}

  public JwtIssuer {
    audiences = List.copyOf(audiences);
    algorithms = Set.copyOf(algorithms);
    rules = List.copyOf(rules);
  }

  static JwtIssuer from(Settings entry) {
    String issuer = entry.text("issuer", "");
    if (issuer.isBlank() || issuer.length() > ISSUER_CHARACTERS_MAX) {
      throw invalid(entry, "issuer", issuer, "as it stands in iss, ≤ 200 characters");
    }
    List<String> audiences = entry.texts("audience");
    if (audiences.isEmpty() || audiences.stream().anyMatch(String::isBlank)) {
      throw invalid(
          entry,
          "audience",
          "none",
          "what stands in aud of tokens for this gate; without it those for any other application"
              + " would be good here");
    }
    Settings claims = entry.section("claims");
    String organization = entry.text("organization", "default");
    if (!organization.equals("default") && !organization.startsWith("org_")) {
      throw invalid(entry, "organization", organization, "default or org_…");
    }
    String project = entry.textOrNull("project");
    if (project != null && !project.startsWith("prj_")) {
      throw invalid(entry, "project", project, "prj_…");
    }
    return new JwtIssuer(
        issuer,
        jwks(entry),
        audiences,
        algorithms(entry),
        organization.equals("default") ? null : organization,
        project,
        new Claims(
            claims.text("user", "sub"),
            claims.textOrNull("organization"),
            claims.textOrNull("project")),
        rules(entry));
  }

  private static BaseUrl jwks(Settings entry) {
    String text = entry.text("jwks", "");
    BaseUrl url = BaseUrl.parse(entry.path() + ".jwks", text);
    if (!url.origin().tls() && !loopback(url)) {
      throw invalid(entry, "jwks", text, "https, but on this machine");
    }
    return url;
  }

  /// On this machine nobody stands between.
  static boolean loopback(BaseUrl url) {
    String host = url.origin().host();
    InetAddress address = IpLiteral.parse(host);
    return host.equals("localhost") || (address != null && address.isLoopbackAddress());
  }

  private static Set<String> algorithms(Settings entry) {
    List<String> texts = entry.texts("algorithms");
    for (String text : texts) {
      if (!KNOWN.contains(text)) {
        throw invalid(
            entry, "algorithms", text, "one or more of " + String.join(", ", new TreeSet<>(KNOWN)));
      }
    }
    return texts.isEmpty()
        ? Set.of(JWSAlgorithm.RS256.getName(), JWSAlgorithm.ES256.getName())
        : Set.copyOf(texts);
  }

  private static List<Rule> rules(Settings entry) {
    List<Rule> rules = new ArrayList<>();
    for (Settings rule : entry.list("rules")) {
      RuleText text =
          new RuleText(
              rule.textOrNull("effect"),
              rule.textOrNull("type"),
              List.copyOf(rule.texts("values")),
              rule.textOrNull("name"));
      switch (text.read("")) {
        case RuleText.Read.Good(Rule good) -> rules.add(good);
        case RuleText.Read.Wrong(String pointer, String message) ->
            throw new InvalidSetting(
                "%s%s: %s".formatted(rule.path(), pointer.replace('/', '.'), message));
      }
    }
    return rules;
  }

  private static InvalidSetting invalid(Settings entry, String key, String value, String expected) {
    return new InvalidSetting(
        "%s.%s: %s (expected: %s)".formatted(entry.path(), key, Refusal.shown(value), expected));
  }
}
