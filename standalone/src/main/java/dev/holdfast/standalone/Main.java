package dev.holdfast.standalone;

import dev.holdfast.runtime.config.InvalidConfig;
import dev.holdfast.standalone.cli.ApiFailure;
import dev.holdfast.standalone.cli.ExitCodes;
import dev.holdfast.standalone.cli.HoldfastCommand;
import dev.holdfast.standalone.cli.WrongOption;
import dev.holdfast.standalone.supervise.DirectoryInUseException;
import dev.holdfast.standalone.up.AddressInUse;
import dev.holdfast.worker.run.WorkerHomeInUse;
import picocli.CommandLine;

/** The {@code holdfast} command. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new HoldfastCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((failure, command, parsed) -> {
          command.getErr().println("holdfast: " + explain(failure));
          command.getErr().flush();
          return exitCode(failure);
        });
  }

  private static String explain(Exception failure) {
    return switch (failure) {
      case ApiFailure api -> String.valueOf(api.getMessage());
      case InvalidConfig config -> String.valueOf(config.getMessage());
      case WrongOption option -> String.valueOf(option.getMessage());
      case DirectoryInUseException inUse -> String.valueOf(inUse.getMessage());
      case WorkerHomeInUse inUse -> String.valueOf(inUse.getMessage());
      case AddressInUse inUse -> String.valueOf(inUse.getMessage());
      default -> failure.toString();
    };
  }

  private static int exitCode(Exception failure) {
    return switch (failure) {
      case ApiFailure api -> api.exitCode();
      case InvalidConfig config -> ExitCodes.USAGE;
      case WrongOption option -> ExitCodes.USAGE;
      case DirectoryInUseException inUse -> ExitCodes.IN_USE;
      case WorkerHomeInUse inUse -> ExitCodes.IN_USE;
      case AddressInUse inUse -> ExitCodes.IN_USE;
      default -> ExitCodes.FAILED;
    };
  }
}
