using System.Globalization;

namespace Outdial.Cli.Demo;

/// <summary>The settings by which simulator and platform agree on one PortaSwitch account. See <see cref="SimulatorAccount"/>.</summary>
public static class PortaSwitchAccount
{
    private const string Login = "outdialdemo", Password = "demo-password", CustomerId = "4711";

    /// <summary>The account whose auto attendant leads to the queue; as digits.</summary>
    public const string AutoAttendantId = "918047850000";

    /// <summary>Mean seconds that a simulated customer waits for an agent before hanging up: long, so that a shortage shows as a queue.</summary>
    private const int Patience = 300;

    /// <summary>The simulator's side. Nobody answers the queue until somebody is sent there.</summary>
    public static Dictionary<string, string> Server(Uri address, long seed, string faults) => new(SimulatorAccount.Server(address, seed, faults))
    {
        ["Simulator__PortaSwitch__Login"] = Login,
        ["Simulator__PortaSwitch__Password"] = Password,
        ["Simulator__PortaSwitch__AutoAttendantId"] = AutoAttendantId,
        ["Simulator__PortaSwitch__CustomerId"] = CustomerId,
        ["Simulator__PortaSwitch__Agents__Count"] = "0",
        ["Simulator__PortaSwitch__PatienceSeconds"] = Patience.ToString(CultureInfo.InvariantCulture),
        // Short enough that a run of a quarter of an hour has to renew its session.
        ["Simulator__PortaSwitch__TokenLife"] = "00:08:00",
        ["Simulator__People__TalkSeconds"] = "40",
    };

    /// <summary>The platform's side, under the name <c>default</c>.</summary>
    /// <param name="simulator">Where the simulator serves.</param>
    /// <param name="callbacks">Where our webhooks are received.</param>
    public static Dictionary<string, string> Of(Uri simulator, Uri callbacks) => new()
    {
        ["Accounts__default__Provider"] = "portaswitch",
        ["Accounts__default__BaseAddress"] = simulator.ToString(),
        ["Accounts__default__Login"] = Login,
        ["Accounts__default__Password"] = Password,
        ["Accounts__default__AutoAttendantId"] = AutoAttendantId,
        ["Accounts__default__CustomerId"] = CustomerId,
        ["Accounts__default__CallbackBaseAddress"] = callbacks.ToString(),
        ["Accounts__default__AllowPrivateAddresses"] = "true",
        ["Accounts__default__CallsPerMinute"] = SimulatorAccount.ConnectBudget.ToString(CultureInfo.InvariantCulture),
        ["Accounts__default__MaxConcurrentCalls"] = "300",
    };
}
