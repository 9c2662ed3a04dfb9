using Outdial.Cli.Api;
using Outdial.Cli.Processes;
using Outdial.Cli.Verdicts;
using Outdial.Cli.Views;
using Spectre.Console;

namespace Outdial.Cli.Demo;

/// <summary>One run of the demo, step by step.</summary>
/// <param name="options">What was asked for.</param>
/// <param name="target">What it is played on; null: on processes of its own.</param>
public sealed class DemoRun(DemoOptions options, DemoTarget? target = null)
{
    private readonly DemoScenario _scenario = DemoScenario.Of(options);
    private readonly IAnsiConsole _console = Terminal.Console;
    private readonly TimeProvider _time = TimeProvider.System;

    /// <returns>0 when the verdict is ok, 1 when it is not.</returns>
    /// <exception cref="CommandFailure">The run could not be brought to a verdict.</exception>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var exotel = options.Simulated ? null : ExotelEnvironment.Read(Environment.GetEnvironmentVariable);
        var leads = DemoLeads.Find(options);
        if (exotel is not null && !options.Yes)
            RealPhones.Confirm(_console, leads, exotel, options);

        // What runs elsewhere has its own folder, and one of ours may belong to another run.
        using var folder = target is not null ? null : options.Simulated ? DemoFolder.Prepare() : DemoFolder.PrepareForRealCalls(options.Folder);
        await using var servers = target is not null
            ? DemoServers.Attach(target, _scenario)
            : DemoServers.Plan(folder!.Path, options, _scenario, exotel, _time);
        try
        {
            return await RunAsync(servers, leads, cancel);
        }
        catch (Exception e) when (e is HttpRequestException or CommandFailure)
        {
            throw new CommandFailure($"{e.Message}\n\n{servers.LastWords()}");
        }
    }

    private async Task<int> RunAsync(DemoServers servers, FileInfo leads, CancellationToken cancel)
    {
        if (options.Simulated && target is null)
            await StepAsync($"starting the simulator, seed {options.Seed}, faults: {options.Faults}", () => servers.StartSimulatorAsync(cancel));
        using var api = await StepAsync(target is null ? "starting Outdial with a private PostgreSQL" : $"meeting Outdial at {target.Platform}", () => servers.StartHostAsync(cancel));
        if (!options.Simulated)
            RealPhones.TellFlowAddress(_console, servers.HostAddress, (await api.GetFlowAddressesAsync(cancel)).Passthru);

        var registering = options.CallerIds.Count > 0 ? "registering the caller IDs" : "taking over the account's numbers as caller IDs";
        var numbers = await StepAsync(registering, () => _scenario.RegisterCallerIdsAsync(api, cancel));
        var campaign = await api.CreateCampaignAsync(_scenario.Campaign(options.Leads is null ? "sample leads" : leads.Name), cancel);
        var import = await StepAsync($"uploading {DemoLeads.Words(leads, options.Leads is null ? _scenario.SampleLeads : null)}", () => UploadAsync(api, campaign, leads, cancel));
        new ImportView(_console).Write(import, numbers);

        await using var floor = servers.Simulator is { } provider
            ? await OpenFloorAsync(new DemoStage(api, provider, campaign, servers.Clock, _time), cancel)
            : new DemoFloor();
        var started = servers.Clock.Now(_time);
        await api.StartAsync(campaign, cancel);
        var watch = new CampaignWatch(api, servers, campaign, floor, options, _time);
        await new LiveProgress(_console, TimeSpan.FromSeconds(options.Simulated ? 3 : 15), _time).ShowAsync(watch.UntilOverAsync(cancel));

        await floor.CloseAsync(cancel);
        var (ledger, report) = await watch.SettleAsync(import.Accepted, cancel);
        var verdict = servers.Simulator is { } simulator
            ? _scenario.Judge(ledger, (await _scenario.RecordAsync(simulator, ledger, cancel)).Since(started), floor)
            : Judge.OfLedgerAlone(ledger);

        var view = new ReportView(_console);
        view.Write(report, await api.GetAgentsAsync(campaign, cancel), ledger, floor.Remarks, await watch.FaultsAsync(cancel));
        if (options.Keep)
            KeepServing.Describe(_console, servers, campaign);
        view.Write(verdict);
        if (options.Keep)
            await KeepServing.UntilCanceledAsync(servers, _time, cancel);
        return verdict.Ok ? 0 : 1;
    }

    private async Task<DemoFloor> OpenFloorAsync(DemoStage stage, CancellationToken cancel) => options.Mode == DemoModes.Notification
        ? await _scenario.OpenFloorAsync(stage, cancel)
        : await StepAsync($"signing in {Words.Count(options.Agents, "agent")}", () => _scenario.OpenFloorAsync(stage, cancel));

    private async Task<ImportResult> UploadAsync(IOutdialApi api, Guid campaign, FileInfo leads, CancellationToken cancel)
    {
        await using var csv = await DemoLeads.OpenAsync(leads, options.Leads is null ? _scenario.SampleLeads : null, cancel);
        var import = await api.AddLeadsAsync(campaign, csv, leads.Name, cancel);
        return import.Accepted > 0 ? import : throw new CommandFailure($"Not one row of {leads.FullName} could be used: {string.Join("; ", import.Errors.Take(3).Select(ImportView.Sentence))}.");
    }

    private async Task StepAsync(string what, Func<Task> step) => await StepAsync(what, async () =>
    {
        await step();
        return true;
    });

    private async Task<T> StepAsync<T>(string what, Func<Task<T>> step)
    {
        var started = _time.GetTimestamp();
        var result = _console.Profile.Capabilities.Interactive
            ? await _console.Status().Spinner(Spinner.Known.Dots).StartAsync(what, _ => step())
            : await step();
        _console.MarkupLineInterpolated($"[green]✓[/] {what} [grey]{_time.GetElapsedTime(started).TotalSeconds:0.0} s[/]");
        return result;
    }
}
