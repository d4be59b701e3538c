package dev.gatewright.llm.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.gatewright.account.ApiCaller;
import dev.gatewright.audit.AuditLog;
import dev.gatewright.key.change.Rights;
import dev.gatewright.rest.Permission;
import dev.gatewright.store.Database;
import dev.gatewright.store.change.ChangeFeed;
import dev.gatewright.telemetry.Time;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;

/// The one way organizations' providers and model names are made and changed: one transaction each,
/// with its audit entry and its change number. Blocks; thread-safe.
public final class CustomChanges {
  private final Database database;
  private final ChangeFeed feed;
  private final AuditLog audit;
  private final Time time;

  public CustomChanges(Database database, ChangeFeed feed, AuditLog audit, Time time) {
    this.database = database;
    this.feed = feed;
    this.audit = audit;
    this.time = time;
  }

  /// What making one came to.
  enum Made {
    YES,
    /// The organization has one of this id.
    TAKEN,
    /// It has as many as it may have.
    FULL
  }

  Made create(ApiCaller caller, CustomProvider made) {
    return write(
        caller,
        handle -> {
          List<CustomProvider> there = CustomStore.providers(handle, made.organizationId());
          if (there.stream().anyMatch(each -> each.id().equals(made.id()))) {
            return Made.TAKEN;
          }
          if (there.size() >= CustomProvider.PROVIDERS_MAX) {
            return Made.FULL;
          }
          CustomStore.insert(handle, made);
          record(handle, caller, "provider.create", made.id(), about(made));
          return Made.YES;
        });
  }

  /// Writes over exactly what `guard` has seen; empty when there is none.
  Optional<CustomProvider> edit(
      ApiCaller caller, CustomProvider after, Consumer<CustomProvider> guard) {
    return write(
        caller,
        handle -> {
          Optional<CustomProvider> before =
              CustomStore.provider(handle, after.organizationId(), after.id());
          if (before.isEmpty()) {
            return before;
          }
          guard.accept(before.get());
          CustomStore.update(handle, after);
          record(handle, caller, "provider.edit", after.id(), about(after));
          return CustomStore.provider(handle, after.organizationId(), after.id());
        });
  }

  boolean removeProvider(ApiCaller caller, String id, Consumer<CustomProvider> guard) {
    String organization = caller.tenant().organizationId();
    return write(
        caller,
        handle -> {
          Optional<CustomProvider> before = CustomStore.provider(handle, organization, id);
          if (before.isEmpty()) {
            return false;
          }
          guard.accept(before.get());
          CustomStore.deleteProvider(handle, organization, id);
          record(handle, caller, "provider.delete", id, AuditLog.detail());
          return true;
        });
  }

  Made create(ApiCaller caller, CustomModel made) {
    return write(
        caller,
        handle -> {
          List<CustomModel> there = CustomStore.models(handle, made.organizationId());
          if (there.stream().anyMatch(each -> each.id().equals(made.id()))) {
            return Made.TAKEN;
          }
          if (there.size() >= CustomModel.MODELS_MAX) {
            return Made.FULL;
          }
          CustomStore.insert(handle, made);
          record(handle, caller, "model.create", made.id(), about(made));
          return Made.YES;
        });
  }

  Optional<CustomModel> edit(ApiCaller caller, CustomModel after, Consumer<CustomModel> guard) {
    return write(
        caller,
        handle -> {
          Optional<CustomModel> before =
              CustomStore.model(handle, after.organizationId(), after.id());
          if (before.isEmpty()) {
            return before;
          }
          guard.accept(before.get());
          CustomStore.update(handle, after);
          record(handle, caller, "model.edit", after.id(), about(after));
          return CustomStore.model(handle, after.organizationId(), after.id());
        });
  }

  boolean removeModel(ApiCaller caller, String id, Consumer<CustomModel> guard) {
    String organization = caller.tenant().organizationId();
    return write(
        caller,
        handle -> {
          Optional<CustomModel> before = CustomStore.model(handle, organization, id);
          if (before.isEmpty()) {
            return false;
          }
          guard.accept(before.get());
          CustomStore.deleteModel(handle, organization, id);
          record(handle, caller, "model.delete", id, AuditLog.detail());
          return true;
        });
  }

  /// Ids of an organization's own providers.
  public List<String> providerIds(String organizationId) {
    return providers(organizationId).stream().map(CustomProvider::id).toList();
  }

  /// An organization's own names for models, each with its targets.
  public Map<String, List<String>> modelTargets(String organizationId) {
    Map<String, List<String>> targets = new LinkedHashMap<>();
    models(organizationId).forEach(each -> targets.put(each.id(), each.targets()));
    return targets;
  }

  List<CustomProvider> providers(String organizationId) {
    return database.read(handle -> CustomStore.providers(handle, organizationId));
  }

  List<CustomModel> models(String organizationId) {
    return database.read(handle -> CustomStore.models(handle, organizationId));
  }

  /// Under the organization's lock, by who still may.
  private <T> T write(ApiCaller caller, Database.Work<T> work) {
    return database.write(handle -> {
      audit.lock(handle, caller.tenant());
      Rights.require(handle, caller, Permission.PROVIDER_WRITE, time.millis());
      return work.run(handle);
    });
  }

  private void record(
      Handle handle, ApiCaller caller, String action, String subject, ObjectNode detail) {
    audit.append(handle, caller.tenant(), caller.actor(), action, subject, detail);
    feed.append(handle, CustomDirectory.CHANGE_KIND, caller.tenant().organizationId(), subject);
  }

  private static ObjectNode about(CustomProvider provider) {
    ObjectNode detail =
        AuditLog.detail().put("dialect", provider.dialect()).put("base_url", provider.baseUrl());
    provider.headerNames().forEach(detail.putArray("headers")::add);
    return detail;
  }

  private static ObjectNode about(CustomModel model) {
    ObjectNode detail = AuditLog.detail();
    model.targets().forEach(detail.putArray("targets")::add);
    return detail;
  }
}
