namespace Outdial.Simulator.Tests;

public sealed class HeaderTests
{
    [Fact]
    public async Task No_answer_tells_which_server_it_is()
    {
        await using var simulator = await SimulatorUnderTest.Start();

        foreach (var path in new[] { "/", "/simulator/clock", "/v1/Accounts/outdial1/Calls/unknown", "/nowhere" })
        {
            using var answer = await simulator.Http.GetAsync(simulator.Root + path);
            Assert.False(answer.Headers.Contains("Server"), path);
        }
    }
}
