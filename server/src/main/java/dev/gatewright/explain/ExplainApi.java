package dev.gatewright.explain;

import dev.gatewright.account.ApiCaller;
import dev.gatewright.admission.Admitted;
import dev.gatewright.admission.Caller;
import dev.gatewright.admission.Judge;
import dev.gatewright.admission.Judge.Judgement;
import dev.gatewright.admission.Judge.Question;
import dev.gatewright.admission.KeyAdmission;
import dev.gatewright.edge.Refusal;
import dev.gatewright.edge.RouteTable;
import dev.gatewright.key.ApiKey;
import dev.gatewright.key.StoredKey;
import dev.gatewright.key.change.KeyLists;
import dev.gatewright.key.change.Reach;
import dev.gatewright.policy.Denial;
import dev.gatewright.rest.Access;
import dev.gatewright.rest.Answer;
import dev.gatewright.rest.ApiCall;
import dev.gatewright.rest.ApiRoute;
import dev.gatewright.rest.Permission;
import dev.gatewright.rest.Problem;
import dev.gatewright.rest.Resource;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// REST of what rules would do, for who sets them and who wonders. Described in
/// `openapi/explain.yaml`. Asks the handlers themselves: the route table finds who would answer the
/// call, and that one judges it.
public final class ExplainApi {
  private static final int QUESTION_BYTES_MAX = 16 << 10;

  private final KeyAdmission admission;
  private final KeyLists keys;
  private final RouteTable routes;
  private final Judge rooms;
  private final PolicyPreview preview;

  /// @param routes what this process answers
  /// @param rooms judges what the route table hands to the portal
  public ExplainApi(
      KeyAdmission admission,
      KeyLists keys,
      RouteTable routes,
      Judge rooms,
      PolicyPreview preview) {
    this.admission = admission;
    this.keys = keys;
    this.routes = routes;
    this.rooms = rooms;
    this.preview = preview;
  }

  /// Its routes, for the portal to mount.
  public Resource resource() {
    return new Resource(
        "explain",
        List.of(
            ApiRoute.post(
                "/api/policy/explain",
                Access.of(Permission.POLICY_READ),
                QUESTION_BYTES_MAX,
                this::explain),
            ApiRoute.post(
                "/api/policy/preview",
                Access.of(Permission.POLICY_WRITE),
                PolicyPreview.BODY_BYTES_MAX,
                this::preview)));
  }

  /// POST /api/policy/explain
  private Answer explain(ApiCall call) {
    ExplainRequest request = call.body(ExplainRequest.class);
    String keyId = request.key();
    Question question = request.question();
    InetAddress address = request.address();
    String origin = request.origin();
    ApiCaller asker = ApiCaller.of(call);
    boolean there =
        keys.find(asker.tenant().organizationId(), keyId)
            .filter(key -> visible(asker, key))
            .isPresent();
    if (!there) {
      throw Problem.absent("key");
    }
    return switch (admission.standIn(keyId)) {
      case Admitted.No(Refusal refusal, String reason) when refusal.status() == 401 ->
          Answer.ok(
              Explanation.refused(
                  refusal.helped("The key is not accepted: %s.".formatted(reason)), null));
      case Admitted.No(Refusal refusal, String _) -> throw new Problem(refusal);
      case Admitted.Yes(Caller caller) ->
          Answer.ok(explained(caller, question, noEntry(caller, address, origin)));
    };
  }

  /// Others' keys have rules that are not for everybody to see.
  private static boolean visible(ApiCaller asker, StoredKey stored) {
    ApiKey key = stored.key();
    return !asker.extent().confined()
        || (asker.reaches(key.tenant().projectId()) && Reach.isOf(key, asker.id()));
  }

  /// In the order of a call that comes in: the page first, then the address.
  private @Nullable Refusal noEntry(
      Caller caller, @Nullable InetAddress address, @Nullable String origin) {
    Refusal refusal = origin == null ? null : admission.allowsOrigin(caller, origin);
    return refusal != null || address == null ? refusal : admission.allowsAddress(caller, address);
  }

  private Map<String, @Nullable Object> explained(
      Caller caller, Question question, @Nullable Refusal refusal) {
    Judgement judgement =
        refusal == null ? judged(caller, question) : new Judgement.Refused(refusal);
    return switch (judgement) {
      case Judgement.Passes passes -> Explanation.passes(passes);
      case Judgement.Refused(Refusal no) -> {
        Denial denial = admission.behind(caller, no);
        yield Explanation.refused(no, denial);
      }
    };
  }

  private Judgement judged(Caller caller, Question question) {
    return switch (routes.match(question.method(), question.path())) {
      case RouteTable.Match.None _ ->
          new Judgement.Refused(Refusal.notFound("There is nothing at this path."));
      case RouteTable.Match.WrongMethod wrong ->
          new Judgement.Refused(
              Refusal.methodNotAllowed(
                  "%s (expected: %s)".formatted(question.method(), wrong.allow())));
      case RouteTable.Match.Found found -> {
        Judge judge = found.handler() instanceof Judge own ? own : rooms;
        Judgement judgement = judge.judge(caller, question);
        if (judgement == null) {
          throw Problem.wrong(
              "/path",
              Refusal.shown(question.path())
                  + " (expected: a path of models, services or rooms, which rules are about)");
        }
        yield judgement;
      }
    };
  }

  /// POST /api/policy/preview
  private Answer preview(ApiCall call) {
    ApiCaller caller = ApiCaller.of(call);
    return Answer.ok(preview.of(caller.tenant().organizationId(), call.body(PreviewRequest.class)));
  }
}
