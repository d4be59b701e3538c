package dev.gatewright.identity.session;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.account.Principal;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Problem;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// REST of acting for an organization.
public final class ActingApi {
  private static final int BODY_BYTES_MAX = 4 << 10;
  private static final int REASON_CHARACTERS_MAX = 200;

  /// Controls, what turns the direction of writing around, line separators.
  private static final Pattern UNSEEN = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

  private final Acting acting;
  private final Sessions sessions;
  private final Browsers browsers;
  private final SessionApi views;

  /// @param views shows the session that was begun
  public ActingApi(Acting acting, Sessions sessions, Browsers browsers, SessionApi views) {
    this.acting = acting;
    this.sessions = sessions;
    this.browsers = browsers;
    this.views = views;
  }

  public List<ApiRoute> routes() {
    return List.of(
        ApiRoute.post(
            "/api/platform/act-as", Access.platform().withStepUp(), BODY_BYTES_MAX, this::begin));
  }

  /// @param write absent = looks only
  record ActAsRequest(
      @Nullable String organizationId, @Nullable String reason, @Nullable Boolean write) {}

  /// POST /api/platform/act-as
  private Answer begin(ApiCall call) {
    ActAsRequest request = call.body(ActAsRequest.class);
    if (!(ApiCaller.of(call).principal() instanceof Principal.Operator operator)) {
      throw Problem.denied("This is for an operator who is signed in: it begins a session.");
    }
    String organizationId = request.organizationId();
    if (organizationId == null) {
      throw Problem.wrong("/organization_id", "missing (expected: org_…)");
    }
    Opened opened =
        acting.begin(
            operator.session(),
            organizationId,
            reason(request.reason()),
            Boolean.TRUE.equals(request.write()),
            Place.of(call));
    if (opened == null) {
      throw Problem.absent("organization");
    }
    Site site = browsers.site(call.origin());
    return Answer.created(views.view(sessions.signedIn(opened)))
        .cookies(site.set(opened.token().expose(), Acting.LIFE.toSeconds()));
  }

  private static String reason(@Nullable String text) {
    String reason = text == null ? "" : text.strip();
    boolean shown = !UNSEEN.matcher(reason).find();
    if (reason.isEmpty() || reason.length() > REASON_CHARACTERS_MAX || !shown) {
      throw Problem.wrong(
          "/reason",
          "%s (expected: 1 to %d characters in one line)"
              .formatted(reason.isEmpty() ? "none" : reason, REASON_CHARACTERS_MAX));
    }
    return reason;
  }
}
