package dev.holdfast.drill.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.holdfast", importOptions = DoNotIncludeTests.class)
class ModuleGraphTest {

  @ArchTest
  static final ArchRule servicesNeverDependOnOneAnother =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.holdfast..")
          .withOptionalLayers(true)
          .layer("schemas")
          .definedBy("dev.holdfast.schemas..")
          .layer("runtime")
          .definedBy("dev.holdfast.runtime..")
          .layer("coordinator")
          .definedBy("dev.holdfast.coordinator..")
          .layer("monitor")
          .definedBy("dev.holdfast.monitor..")
          .layer("worker")
          .definedBy("dev.holdfast.worker..")
          .layer("gateway")
          .definedBy("dev.holdfast.gateway..")
          .layer("standalone")
          .definedBy("dev.holdfast.standalone..")
          .layer("drill")
          .definedBy("dev.holdfast.drill..")
          .whereLayer("schemas")
          .mayNotAccessAnyLayer()
          .whereLayer("runtime")
          .mayOnlyAccessLayers("schemas")
          .whereLayer("coordinator")
          .mayOnlyAccessLayers("schemas", "runtime")
          .whereLayer("monitor")
          .mayOnlyAccessLayers("schemas", "runtime")
          .whereLayer("worker")
          .mayOnlyAccessLayers("schemas", "runtime")
          .whereLayer("gateway")
          .mayOnlyAccessLayers("schemas", "runtime")
          .whereLayer("standalone")
          .mayOnlyBeAccessedByLayers("drill")
          .ensureAllClassesAreContainedInArchitecture();

  /** Foreign producers and consumers take schemas into programs of their own. */
  @ArchTest
  static final ArchRule schemasDependOnlyOnJacksonAndSerializerInterfaces =
      classes()
          .that()
          .resideInAPackage("dev.holdfast.schemas..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.holdfast.schemas..",
              "java..",
              "org.jspecify.annotations",
              "com.fasterxml.jackson..",
              "org.apache.kafka.common.serialization",
              "org.apache.kafka.common.header",
              "org.apache.kafka.common.errors");

  @ArchTest
  static final ArchRule nothingIsInjectedIntoFields = NO_CLASSES_SHOULD_USE_FIELD_INJECTION;

  @ArchTest
  static final ArchRule servicesLogAndNeverPrint =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.holdfast.runtime..",
              "dev.holdfast.coordinator..",
              "dev.holdfast.monitor..",
              "dev.holdfast.worker..",
              "dev.holdfast.gateway..")
          .should(ACCESS_STANDARD_STREAMS);
}
