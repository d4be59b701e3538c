package dev.gatewright.jwt;

import dev.gatewright.account.Tenant;
import dev.gatewright.policy.Layer;
import dev.gatewright.policy.PolicyView;
import dev.gatewright.policy.RuleOwner;
import java.util.List;

/// Who holds a token that was found good.
///
/// @param issuer as configured
/// @param subject whom the issuer means, unique there
/// @param user whom they call for, in a word; empty = nobody named
/// @param view the issuer's rules, compiled
/// @param expiresMillis when the token ends
public record JwtHolder(
    String issuer,
    String subject,
    Tenant tenant,
    String user,
    PolicyView view,
    long expiresMillis) {
  /// As it stands on rows and in logs: the issuer and whom it means.
  public static String id(String issuer, String subject) {
    return "jwt:" + issuer + "#" + subject;
  }

  public String id() {
    return id(issuer, subject);
  }

  /// Whose rules hold besides the issuer's.
  public List<RuleOwner> owners() {
    return RuleOwner.over(tenant.organizationId(), tenant.projectId(), null);
  }

  static PolicyView view(JwtIssuer issuer, String subject) {
    return new PolicyView(Layer.KEY, id(issuer.issuer(), subject), issuer.rules());
  }
}
