package dev.holdfast.drill.architecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.holdfast", importOptions = DoNotIncludeTests.class)
class PurePackagesTest {

  @ArchTest static final ArchRule theCellMachineIsPure = Purity.of("dev.holdfast.coordinator.cell");

  @ArchTest static final ArchRule theLogClockIsPure = Purity.of("dev.holdfast.monitor.liveness");

  @ArchTest
  static final ArchRule theAttemptMachineIsPure = Purity.of("dev.holdfast.worker.attempt");
}
