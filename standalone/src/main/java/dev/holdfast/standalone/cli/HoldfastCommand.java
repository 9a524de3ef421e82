package dev.holdfast.standalone.cli;

import dev.holdfast.standalone.demo.DemoCommand;
import dev.holdfast.standalone.role.BrokerCommand;
import dev.holdfast.standalone.role.ControlCommand;
import dev.holdfast.standalone.role.CoordinatorCommand;
import dev.holdfast.standalone.role.GatewayCommand;
import dev.holdfast.standalone.role.MonitorCommand;
import dev.holdfast.standalone.role.WorkerCommand;
import dev.holdfast.standalone.up.UpCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

@Command(
    name = "holdfast",
    mixinStandardHelpOptions = true,
    versionProvider = HoldfastCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = "Runs long jobs over git repositories and holds fast through crashes.",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      SubmitCommand.class,
      ListCommand.class,
      ShowCommand.class,
      LogsCommand.class,
      ResultCommand.class,
      CancelCommand.class,
      WorkersCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      LimitCommand.class,
      WeightCommand.class,
      DrainCommand.class,
      UndrainCommand.class,
      ControlsCommand.class,
      LocksCommand.class,
      PermitsCommand.class,
      UnlockCommand.class,
      WorkerCommand.class,
      CoordinatorCommand.class,
      MonitorCommand.class,
      GatewayCommand.class,
      ControlCommand.class,
      BrokerCommand.class,
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done; with --wait: the job succeeded",
      "1:with --wait: the job ended otherwise; else: something went wrong here",
      "2:the command line or the configuration is wrong",
      "3:the gateway refused; the message names the field or the reason",
      "4:no gateway answered, or it cannot do its work now; try again later",
      "5:another process uses the data directory, or the address of the HTTP API",
      "69:there is no JDK or no Maven to run Holdfast with, or it does not build",
    })
public final class HoldfastCommand {
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = HoldfastCommand.class.getPackage().getImplementationVersion();
      return new String[] {"holdfast " + (version == null ? "(not packaged)" : version)};
    }
  }
}
