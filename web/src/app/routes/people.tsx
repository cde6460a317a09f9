import { PeoplePage } from "@/features/people/PeoplePage";

export function PeopleRoute() {
  return <PeoplePage />;
}
