package dev.gatewright.service;

import dev.gatewright.rest.Answer;
import dev.gatewright.service.backend.Instance;
import dev.gatewright.service.backend.Service;
import dev.gatewright.service.config.ServiceConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the REST says of a service: how it does at this moment, in this process.
///
/// @param status `up`, `degraded` (some instance takes no calls), `loading`, `draining` or `down`
/// @param running calls that run now
/// @param source `file`: changed there, not here
record ServiceView(
    String id,
    String preset,
    String path,
    String status,
    int running,
    int concurrency,
    Queue queue,
    List<InstanceView> instances,
    String source) {
  /// @param waiting calls that wait now
  record Queue(int waiting, int length, long waitMs) {}

  /// @param state `up`, `loading` or `down`
  /// @param latencyMs of the last answered probe; null before it
  record InstanceView(
      String url,
      String state,
      boolean draining,
      int running,
      List<String> modelsLoaded,
      @Nullable Long latencyMs) {
    static InstanceView of(Instance instance) {
      long latency = instance.latencyMillis();
      return new InstanceView(
          instance.name(),
          instance.state().id(),
          instance.draining(),
          instance.busy(),
          instance.loaded().stream().sorted().toList(),
          latency < 0 ? null : latency);
    }
  }

  /// @param whole with the instances, whose addresses are their owner's business
  static ServiceView of(Service service, boolean whole) {
    ServiceConfig config = service.config();
    List<InstanceView> instances =
        service.instances().all().stream().map(InstanceView::of).toList();
    return new ServiceView(
        config.id(),
        config.preset().id(),
        config.path().id(),
        status(service.instances().all()),
        instances.stream().mapToInt(InstanceView::running).sum(),
        config.concurrency(),
        new Queue(service.queue().length(), config.queueLength(), config.queueWait().toMillis()),
        whole ? instances : List.of(),
        "file");
  }

  /// In a word.
  static String status(List<Instance> instances) {
    List<Instance> taking = instances.stream().filter(Instance::eligible).toList();
    if (taking.isEmpty()) {
      return instances.stream().allMatch(Instance::draining) ? "draining" : "down";
    }
    if (taking.stream().noneMatch(each -> each.state() == Instance.State.UP)) {
      return "loading";
    }
    return taking.size() == instances.size() ? "up" : "degraded";
  }

  /// A page of them; there is only one.
  static Answer page(List<Service> services, boolean whole) {
    return Answer.page(
        services.stream().map(service -> ServiceView.of(service, whole)).toList(), null);
  }
}
