import { useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { LoginPage } from "@/features/auth/LoginPage";

export function LoginRoute() {
  const { link, next } = useSearch({ from: "/login" });
  const navigate = useNavigate();
  const router = useRouter();
  const onDone = () => {
    if (next) router.history.replace(next);
    else void navigate({ to: "/dashboards", replace: true });
  };
  return <LoginPage link={link} onDone={onDone} />;
}
