package dev.gatewright.service;

import dev.gatewright.admission.Admission;
import dev.gatewright.admission.Caller;
import dev.gatewright.admission.Judge.Judgement;
import dev.gatewright.admission.Judge.Question;
import dev.gatewright.edge.Refusal;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.body.BodyKind;
import dev.gatewright.service.body.JsonBodyRule;
import dev.gatewright.service.preset.Access;
import dev.gatewright.service.preset.ServiceEndpoint;
import org.jspecify.annotations.Nullable;

/// May a caller have this of a service? What the handlers ask, and what explains them.
record ServiceAccess(Admission admission, ServicePayment payment) {
  /// @param endpoint null = the path is not on the service's list
  @Nullable Refusal refusal(
      Caller caller, Service service, @Nullable ServiceEndpoint endpoint, String method) {
    // Whether a service has such a path at all is for those who may use the service.
    boolean manage = endpoint != null && endpoint.access() == Access.MANAGE;
    Refusal refusal = admission.allowsService(caller, service.id(), manage);
    return refusal == null && endpoint == null
        ? ServiceHandler.notOnTheList(service, method)
        : refusal;
  }

  /// A model that was named.
  @Nullable Refusal model(Caller caller, Service service, @Nullable String model) {
    return model == null ? null : admission.allowsServiceModel(caller, service.id(), model);
  }

  /// A model, or that none was named, where nothing but an address says so.
  @Nullable Refusal modelOrNone(
      Caller caller, Service service, @Nullable ServiceEndpoint endpoint, @Nullable String model) {
    boolean manage = endpoint != null && endpoint.access() == Access.MANAGE;
    if (model == null) {
      return manage || caller.policy().allowsEveryModel() ? null : JsonBodyRule.modelMissing();
    }
    return model(caller, service, model);
  }

  /// All of it, in the order of a call: list and scope, what pays, the model its body names.
  Judgement judge(
      Caller caller, Service service, @Nullable ServiceEndpoint endpoint, Question question) {
    Judgement paid = judged(caller, service, refusal(caller, service, endpoint, question.method()));
    if (endpoint == null || !(paid instanceof Judgement.Passes)) {
      return paid;
    }
    boolean named = BodyKind.of(service.preset(), endpoint).readsModel();
    Refusal denied =
        named
            ? modelOrNone(caller, service, endpoint, question.model())
            : model(caller, service, question.model());
    return denied == null ? paid : new Judgement.Refused(denied);
  }

  /// And what pays, where it may.
  Judgement judged(Caller caller, Service service, @Nullable Refusal refusal) {
    return refusal == null ? payment.judge(caller, service) : new Judgement.Refused(refusal);
  }
}
