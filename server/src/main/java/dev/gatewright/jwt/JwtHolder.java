package dev.gatewright.jwt;

import dev.gatewright.account.Tenant;
import dev.gatewright.policy.Layer;
import dev.gatewright.policy.OwnRules;
import dev.gatewright.policy.PolicyView;
import dev.gatewright.policy.RuleOwner;

/// Who holds a token that was found good.
///
/// @param issuer as configured
/// @param subject whom the issuer means, unique there
/// @param id as it stands on rows and in logs: the issuer and whom it means
/// @param user whom they call for, in a word; empty = nobody named
/// @param rules the issuer's
/// @param expiresMillis when the token ends
public record JwtHolder(
    String issuer,
    String subject,
    String id,
    Tenant tenant,
    String user,
    OwnRules rules,
    long expiresMillis) {
  /// As it stands on rows and in logs.
  public static String id(String issuer, String subject) {
    return "jwt:" + issuer + "#" + subject;
  }

  /// @param subject whom the issuer means, unique there
  static JwtHolder of(
      JwtIssuer issuer, String subject, Tenant tenant, String user, long expiresMillis) {
    String id = id(issuer.issuer(), subject);
    return new JwtHolder(
        issuer.issuer(),
        subject,
        id,
        tenant,
        user,
        new OwnRules(
            new PolicyView(Layer.KEY, id, issuer.rules()),
            RuleOwner.over(tenant.organizationId(), tenant.projectId(), null)),
        expiresMillis);
  }
}
