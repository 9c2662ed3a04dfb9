using System.CommandLine;
using Outdial.Cli.Processes;
using Outdial.Cli.Views;

namespace Outdial.Cli.SupplyChain;

/// <summary><c>outdial notices</c>: writes <c>THIRD-PARTY-NOTICES</c> anew.</summary>
public static class NoticesCommand
{
    public static Command Create()
    {
        var command = new Command("notices", "Writes THIRD-PARTY-NOTICES from the packages that go out with the programs.");
        command.SetAction((_, cancel) => CommandFailure.ReportAsync(async () =>
        {
            var packages = ShippedPackage.All();
            await File.WriteAllTextAsync(ThirdPartyNotices.FilePath, ThirdPartyNotices.Write(packages), cancel);
            Console.WriteLine($"{Words.Count(packages.Count, "package")}: {ThirdPartyNotices.FilePath}");
            return 0;
        }));
        return command;
    }
}
