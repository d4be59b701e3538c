package dev.gatewright;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import dev.gatewright.edge.Exchange;
import dev.gatewright.relay.UpstreamCall;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Set;
import java.util.regex.Pattern;

/// The house rules of DESIGN §2, held by the build.
@AnalyzeClasses(packages = "dev.gatewright", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  /// A package may use those below it, never those above; the same layer may not look sideways
  /// except where named.
  @ArchTest
  static final ArchRule directions =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("root")
          .definedBy("dev.gatewright")
          .layer("cli")
          .definedBy("dev.gatewright.cli..")
          .layer("web")
          .definedBy("dev.gatewright.web..")
          .layer("ingress")
          .definedBy("dev.gatewright.ingress..", "dev.gatewright.explain..")
          .layer("edges")
          .definedBy(
              "dev.gatewright.llm..",
              "dev.gatewright.service..",
              "dev.gatewright.room..",
              "dev.gatewright.handoff..")
          .layer("call")
          .definedBy("dev.gatewright.call..")
          .layer("admission")
          .definedBy("dev.gatewright.admission..", "dev.gatewright.console..")
          .layer("features")
          .definedBy(
              "dev.gatewright.key..",
              "dev.gatewright.ticket..",
              "dev.gatewright.jwt..",
              "dev.gatewright.oauth..",
              "dev.gatewright.account..",
              "dev.gatewright.identity..",
              "dev.gatewright.tenant..",
              "dev.gatewright.identity..",
              "dev.gatewright.credential..",
              "dev.gatewright.event..",
              "dev.gatewright.mail..",
              "dev.gatewright.job..",
              "dev.gatewright.policy..",
              "dev.gatewright.rule..",
              "dev.gatewright.limit..",
              "dev.gatewright.ledger..",
              "dev.gatewright.wallet..",
              "dev.gatewright.webhook..",
              "dev.gatewright.payment..",
              "dev.gatewright.platform..",
              "dev.gatewright.usage..",
              "dev.gatewright.audit..",
              "dev.gatewright.secret.rotation..")
          .layer("rest")
          .definedBy("dev.gatewright.rest..")
          .layer("relay")
          .definedBy("dev.gatewright.relay..")
          .layer("edge")
          .definedBy("dev.gatewright.edge..")
          .layer("http1")
          .definedBy("dev.gatewright.http1..")
          .layer("share")
          .definedBy("dev.gatewright.share..")
          .layer("net")
          .definedBy("dev.gatewright.net..")
          .layer("id")
          .definedBy("dev.gatewright.id..")
          .layer("store")
          .definedBy("dev.gatewright.store..")
          .layer("json")
          .definedBy("dev.gatewright.json..")
          .layer("config")
          .definedBy("dev.gatewright.config..")
          .layer("telemetry")
          .definedBy("dev.gatewright.telemetry..")
          .layer("secret")
          .definedBy("dev.gatewright.secret")
          .layer("keyring")
          .definedBy("dev.gatewright.secret.keyring..")
          .whereLayer("root")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("cli")
          .mayOnlyBeAccessedByLayers("root")
          .whereLayer("web")
          .mayOnlyBeAccessedByLayers("root", "cli")
          .whereLayer("ingress")
          .mayOnlyBeAccessedByLayers("root", "cli", "web")
          .whereLayer("edges")
          .mayOnlyBeAccessedByLayers("root", "cli", "web", "ingress")
          .whereLayer("call")
          .mayOnlyBeAccessedByLayers("root", "cli", "web", "ingress", "edges")
          .whereLayer("admission")
          .mayOnlyBeAccessedByLayers("root", "cli", "web", "ingress", "edges", "call")
          .whereLayer("features")
          .mayOnlyBeAccessedByLayers("root", "cli", "web", "ingress", "edges", "call", "admission")
          .whereLayer("rest")
          .mayOnlyBeAccessedByLayers(
              "root", "cli", "web", "ingress", "edges", "call", "admission", "features")
          .whereLayer("relay")
          .mayOnlyBeAccessedByLayers(
              "root", "cli", "web", "ingress", "edges", "call", "admission", "features", "rest")
          .whereLayer("edge")
          .mayOnlyBeAccessedByLayers(
              "root",
              "cli",
              "web",
              "ingress",
              "edges",
              "call",
              "admission",
              "features",
              "rest",
              "relay")
          .whereLayer("http1")
          .mayOnlyBeAccessedByLayers("relay", "edge")
          .whereLayer("keyring")
          .mayOnlyBeAccessedByLayers(
              "root", "cli", "web", "ingress", "edges", "call", "admission", "features", "rest")
          .whereLayer("store")
          .mayOnlyBeAccessedByLayers(
              "root",
              "cli",
              "web",
              "ingress",
              "edges",
              "call",
              "admission",
              "features",
              "rest",
              "relay",
              "edge",
              "keyring")
          .whereLayer("json")
          .mayOnlyBeAccessedByLayers(
              "root",
              "cli",
              "web",
              "ingress",
              "edges",
              "call",
              "admission",
              "features",
              "rest",
              "relay",
              "edge",
              "store")
          .whereLayer("config")
          .mayOnlyBeAccessedByLayers(
              "root",
              "cli",
              "web",
              "ingress",
              "edges",
              "call",
              "admission",
              "features",
              "rest",
              "relay",
              "edge",
              "share",
              "store")
          .whereLayer("telemetry")
          .mayOnlyBeAccessedByLayers(
              "root",
              "cli",
              "web",
              "ingress",
              "edges",
              "call",
              "admission",
              "features",
              "rest",
              "relay",
              "edge",
              "store",
              "config",
              "keyring",
              "secret");

  /// A feature's own package, which wires, and its sub-packages, which hold: each may be read
  /// without those that lean on it.
  @ArchTest
  static final ArchRule no_cycles_within_a_feature =
      slices()
          .assignedFrom(
              new SliceAssignment() {
                @Override
                public SliceIdentifier getIdentifierOf(JavaClass type) {
                  return room(type);
                }

                @Override
                public String getDescription() {
                  return "the sub-packages of each feature";
                }
              })
          .should()
          .beFreeOfCycles();

  @ArchTest
  static final ArchRule sql_only_in_stores =
      noClasses()
          .that(
              DescribedPredicate.describe(
                  "are neither a *Store nor in store/",
                  type ->
                      !outermost(type).getSimpleName().endsWith("Store")
                          && !type.getPackageName().startsWith("dev.gatewright.store")))
          .should()
          .callMethodWhere(
              DescribedPredicate.describe(
                  "is a statement of Jdbi or JDBC",
                  call ->
                      call.getTargetOwner().getName().equals("org.jdbi.v3.core.Handle")
                          || call.getTargetOwner().getPackageName().startsWith("java.sql")))
          .because("SQL lives in *Store classes, where the tenant is an argument");

  @ArchTest
  static final ArchRule netty_only_in_the_data_plane =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.gatewright",
              "dev.gatewright.edge..",
              "dev.gatewright.http1..",
              "dev.gatewright.id..",
              "dev.gatewright.net..",
              "dev.gatewright.relay..",
              "dev.gatewright.llm..",
              "dev.gatewright.service..",
              "dev.gatewright.handoff..",
              "dev.gatewright.call..",
              "dev.gatewright.ingress..",
              "dev.gatewright.admission..",
              "dev.gatewright.console..")
          .should()
          .dependOnClassesThat(
              DescribedPredicate.describe(
                  "belong to Netty (an EventExecutor to call back on excepted)",
                  type ->
                      type.getPackageName().startsWith("io.netty")
                          && !type.getPackageName().startsWith("io.netty.util.concurrent")));

  @ArchTest
  static final ArchRule javalin_only_in_the_portal =
      noClasses()
          .that(
              DescribedPredicate.describe(
                  "are neither in web/ nor a *Api",
                  type ->
                      !outermost(type).getSimpleName().endsWith("Api")
                          && !type.getPackageName().startsWith("dev.gatewright.web")))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..");

  private static final Pattern PACING = Pattern.compile("(pause|resume)(Body|Reading)");

  @ArchTest
  static final ArchRule only_call_paces =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.gatewright.call", "dev.gatewright.edge..", "dev.gatewright.relay..")
          .should()
          .callMethodWhere(
              DescribedPredicate.describe(
                  "pauses or resumes reading from a caller or an upstream",
                  call ->
                      PACING.matcher(call.getName()).matches()
                          && (call.getTargetOwner().isAssignableTo(Exchange.class)
                              || call.getTargetOwner().isAssignableTo(UpstreamCall.class))))
          .because("back-pressure has one home");

  /// Of which nothing is loaded where nobody collects.
  @ArchTest
  static final ArchRule opentelemetry_only_behind_its_door =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.gatewright.otlp..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.opentelemetry..");

  @ArchTest
  static final ArchRule otlp_is_for_the_composition_root_alone =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.gatewright",
              "dev.gatewright.cli..",
              // It asks whether a collector is there, when it is asked itself.
              "dev.gatewright.platform.doctor..",
              "dev.gatewright.otlp..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.gatewright.otlp..");

  @ArchTest
  static final ArchRule no_child_processes =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.ProcessBuilder")
          .orShould()
          .callMethod(Runtime.class, "exec", String[].class)
          .orShould()
          .callMethod(Runtime.class, "exec", String.class);

  /// Where addresses are checked as they are dialled. What is beside it dials what the operator has
  /// written: stores, the mail server, whoever looks what of it is there, and the command line its
  /// own server.
  @ArchTest
  static final ArchRule only_the_relay_dials =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.gatewright.relay..",
              "dev.gatewright.cli..",
              "dev.gatewright.mail..",
              "dev.gatewright.store..",
              "dev.gatewright.platform.doctor..",
              "dev.gatewright.edge..")
          // It warms the start-up cache at build time, and is never part of a server.
          .and()
          .doNotHaveSimpleName("AotTraining")
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "java\\.net\\.http\\..*|java\\.net\\.(Socket|URLConnection|HttpURLConnection|DatagramSocket)"
                  + "|java\\.nio\\.channels\\.(SocketChannel|AsynchronousSocketChannel)"
                  + "|io\\.netty\\.bootstrap\\.Bootstrap|javax\\.net\\.ssl\\.HttpsURLConnection")
          .orShould()
          .callMethod(java.net.URL.class, "openConnection")
          .orShould()
          .callMethod(java.net.URL.class, "openStream")
          .because("a host is checked where it is dialled, on every route");

  /// Private addresses are opened by the operator's own file, for exactly what it names.
  @ArchTest
  static final ArchRule only_what_the_file_names_is_dialled_unchecked =
      noClasses()
          .that()
          .haveNameNotMatching(
              "dev\\.gatewright\\.(relay\\..*|handoff\\.Handoff|service\\.(ServiceHealth|ServiceDestination)|service\\.backend\\.Service"
                  + "|jwt\\.JwksFetch|identity\\.oidc\\.OidcHttp|payment\\.stripe\\.StripeClient)")
          .should()
          .accessField(dev.gatewright.relay.dial.DialRules.class, "ALLOW_PRIVATE");

  @ArchTest
  static final ArchRule time_comes_from_an_injected_clock =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.gatewright.telemetry.Time")
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(LocalDate.class, "now")
          .orShould()
          .callMethod(LocalDateTime.class, "now")
          .orShould()
          .callMethod(ZonedDateTime.class, "now")
          .orShould()
          .callMethod(Clock.class, "systemUTC")
          .orShould()
          .callMethod(Clock.class, "systemDefaultZone");

  private static final Pattern EMPTY_NOUN =
      Pattern.compile("(?i).*(util|utils|helper|helpers|manager|impl|common)$");

  @ArchTest
  static final ArchRule names_are_nouns =
      noClasses()
          .should(
              com.tngtech.archunit.lang.conditions.ArchConditions.be(
                  DescribedPredicate.describe(
                      "named util, helper, manager, impl or common: a missing noun",
                      type ->
                          EMPTY_NOUN.matcher(type.getSimpleName()).matches()
                              || EMPTY_NOUN.matcher(type.getPackageName()).matches())));

  private static final Set<String> SPLIT = Set.of("limit", "llm", "price", "relay", "service");

  private static SliceIdentifier room(JavaClass type) {
    String[] names = type.getPackageName().split("\\.");
    if (names.length < 3 || !SPLIT.contains(names[2])) {
      return SliceIdentifier.ignore();
    }
    return SliceIdentifier.of(names[2], names.length == 3 ? "itself" : names[3]);
  }

  private static JavaClass outermost(JavaClass type) {
    JavaClass at = type;
    while (at.getEnclosingClass().isPresent()) {
      at = at.getEnclosingClass().get();
    }
    return at;
  }
}
